"""Conversations by mail, for the customers whose they are."""
