"""Notifications: words, signatures, schedules."""
