"""What can be seen of a running server: stages of a turn, the line, the process itself, traces."""
