"""Call-backs that customers book (预约回电): free times, bookings, and the task that each one is for a colleague."""
