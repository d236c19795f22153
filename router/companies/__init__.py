"""Companies as things of their own: contacts, success manager, edition, contract."""
