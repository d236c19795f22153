"""A desk that has been at work for long: millions of messages, made up, and what they cost."""
