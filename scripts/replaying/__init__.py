"""Replay before publishing: customers' real questions through the present and another bot, and what changes."""
