"""What helps agents answer: canned replies, suggestions, similar cases, summaries, words to mind."""
