"""What the bot knows: articles, index versions, search."""
