"""Who may not write for a time, why, and who said so."""
