"""The one number of the version, which is that of the library."""

__version__ = "1.1.0.dev0"
