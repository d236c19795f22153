"""The knowledge base inside the running server: the served index version and the editors' routes."""
