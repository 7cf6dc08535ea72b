"""The scanner: an offline page for phones, as files that the node serves at /scan/ (`files.py`)."""
