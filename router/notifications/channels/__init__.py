"""The ways out of the house: mail, SMS, robots, webhooks; each sends one message and says how it went."""
