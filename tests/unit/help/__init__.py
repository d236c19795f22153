"""Rules of help."""
