"""Webhooks: each change of the feed is sent to whoever asked, signed, in order, at least once."""
