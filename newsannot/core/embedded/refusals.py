"""The one exception of the embedded database."""


class EmbeddedDatabaseError(RuntimeError):
    """The embedded database cannot be had; the message says why and what to do, for a person at a terminal."""
