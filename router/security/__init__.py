"""Passwords, tokens, seals, secrets and the audit log."""
