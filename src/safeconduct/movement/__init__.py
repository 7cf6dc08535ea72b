"""Movement: slots at the gates, tallies, and the forecast against the deadline."""
