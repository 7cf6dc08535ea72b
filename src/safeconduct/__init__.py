"""Safe passage, and warnings shared by need-to-know, between parties that do not trust each other."""

__version__ = "0.1.0"
