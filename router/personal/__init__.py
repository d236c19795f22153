"""What a person may ask of whoever keeps something about them: a copy of everything, and that it is erased."""
