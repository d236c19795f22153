"""What somebody has to do at a time: follow-ups, visits, call backs."""
