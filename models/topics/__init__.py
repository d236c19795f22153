"""Copies of some layers of the default encoder, tuned to tell the topics of messages apart."""
