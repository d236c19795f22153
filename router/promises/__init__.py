"""What agents promise customers, with the time by which: proposed, confirmed, reminded of, kept or broken."""
