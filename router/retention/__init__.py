"""What is kept how long: the parts of the log, its archive, and what is forgotten."""
