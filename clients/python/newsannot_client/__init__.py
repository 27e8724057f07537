"""The published record of a newsannot server: `Client` asks its API, `LocalCopy` holds a copy that keeps up with it."""

from newsannot_client.client import ApiError, Client, Unreachable
from newsannot_client.copy import LocalCopy, Synced, SyncRefused

__all__ = ["ApiError", "Client", "LocalCopy", "SyncRefused", "Synced", "Unreachable"]
