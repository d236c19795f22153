"""What customers do on the page around the chat, as that page tells it."""
