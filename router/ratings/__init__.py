"""What customers think of us, and what follows from it."""
