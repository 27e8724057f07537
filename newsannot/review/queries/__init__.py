"""Reads of the review: the queue, and a reading as an editor looks at it."""
