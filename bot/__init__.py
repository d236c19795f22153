"""The bot: one question in, one decision out; it knows no sockets, no SQL and no state of a conversation."""
