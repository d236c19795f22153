"""The business calendar that people edit: holidays, make-up workdays, hours by group and tier, lunch, on-call."""
