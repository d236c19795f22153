"""Files that customers and agents send along: taken in, made harmless, kept, shown to who may see them, taken away."""
