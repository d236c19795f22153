"""Measures the running server beside bare parts on the same core; nothing imports it but `scripts.bench`."""
