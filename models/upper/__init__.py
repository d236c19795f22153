"""Copies of the encoder's upper layers, tuned on one knowledge base: a second vector beside the encoder's own."""
