"""What belongs to no domain: answers kept for requests that may be sent twice, counts that all processes share."""

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a request that came with an `Idempotency-Key`, kept for a day.

    `owner` is the id of the user, `request` the SHA-256 of method, path and body, `body` the answer's JSON in ASCII:
    unlike a column of JSON, text holds every character that was sent.
    """

    owner = models.BigIntegerField()
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.owner}"


class SharedCount(models.Model):
    """How often something happened since a moment, for all processes: `core/counting.py` writes it.

    The table is UNLOGGED: counting costs no write to disk, and a crash of the database forgets it.
    """

    key = models.CharField(max_length=100, primary_key=True)
    began_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
