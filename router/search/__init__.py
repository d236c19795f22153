"""Finds messages, tickets and articles by their words, Chinese ones from two characters on."""
