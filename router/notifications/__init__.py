"""Notifications that leave the house: recorded with a change, sent at least once, in order, over many channels."""
