"""The waiting line: hours, head starts, the dispatcher and its lease."""
