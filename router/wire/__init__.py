"""What the processes of one desk tell each other over Redis; nothing depends on it, what was missed is read again."""
