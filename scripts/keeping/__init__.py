"""Backups: made, told, checked, brought back."""
