"""Old against new on questions that neither has seen, and the promotion of what is better."""
