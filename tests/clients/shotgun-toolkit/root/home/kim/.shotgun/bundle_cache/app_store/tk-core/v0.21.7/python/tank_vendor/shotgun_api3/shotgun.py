"""Client."""
__version__ = "3.6.2"
