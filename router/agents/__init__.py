"""Accounts of the people at the desk: sessions, groups, presence."""
