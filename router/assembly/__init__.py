"""Constructs and wires the server's parts, one file for each area; nothing else constructs them."""
