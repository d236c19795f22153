"""A day at a desk under a virtual clock: the order of the line as it is served beside two other orders."""
