"""Figures, each side by side with its peer in one run: `python -m bench NAME…`."""
