"""What the editors' desk runs in a process of its own: the commands' work, told as JSON."""
