"""Small heads on the encoder: what a customer feels, how soon they need an answer, and what it is about."""
