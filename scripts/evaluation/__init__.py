"""What the commands that judge answers share: reading labelled questions, asking the bot, measuring, comparing."""
