"""What is believed of questions, and where replies come from."""
