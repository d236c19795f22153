"""Conversations: their log, their state, and what customers and agents do with them."""
