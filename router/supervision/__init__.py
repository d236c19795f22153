"""What supervisors see of the floor as a whole, and whom they set away."""
