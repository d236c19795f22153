"""Tickets: for now the messages that customers leave when no human is there."""
