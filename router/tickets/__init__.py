"""Tickets: matters that outlive a conversation, from the first message left to the customer's last word."""
