"""What managers read: the figures of a period, and the conversations behind each of them."""
