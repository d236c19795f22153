"""The load generator: what it counts must be what the server said."""
