"""Texts that try to break what shows them; every one is written here, none is copied from a list of others."""
