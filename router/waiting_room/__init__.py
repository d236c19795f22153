"""What waiting customers see and may do: their place, the words about the wait, the topic, one answer meanwhile."""
