"""Learning from use: what people do with answers becomes labelled pairs, and tasks for editors."""
