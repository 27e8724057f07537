"""The published record of a newsannot server: `Client` asks its API, `LocalCopy` holds a copy that keeps up with it."""

from newsannot_client.client import ApiError, Client, Unreachable
from newsannot_client.copy import LocalCopy, Synced, SyncRefused
from newsannot_client.verifying import Checked, verify

__all__ = ["ApiError", "Checked", "Client", "LocalCopy", "SyncRefused", "Synced", "Unreachable", "verify"]
