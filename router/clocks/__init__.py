"""Levels and clocks: what was promised, by when, and what happens when it is late."""
