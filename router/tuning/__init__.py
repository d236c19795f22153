"""Settings that managers change while the program runs."""
