"""Learning from use against a real Postgres."""
