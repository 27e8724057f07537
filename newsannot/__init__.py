"""newsannot: who is mentioned, who said what, who threatens whom."""

__version__ = "0.1.0"
