"""Notifications: the outbox against a real database, its channels against real receivers."""
