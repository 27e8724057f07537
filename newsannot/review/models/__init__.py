"""What review keeps: work assigned, what is decided between readings, and what people say about it."""

from newsannot.review.models.adjudication import Adjudication, Dispute, Ruling
from newsannot.review.models.agreement import AgreementCase, AgreementReport, Divergence, ReportState
from newsannot.review.models.assignment import LONGEST_LEASE, MOST_READERS, Assignment, Batch, Lapse
from newsannot.review.models.bulk import TO_ASSIGNMENTS, TO_READINGS, BulkDeed, DeedSort
from newsannot.review.models.discussion import Comment, Notice, NoticeQuerySet, NoticeSort

__all__ = [
    "LONGEST_LEASE",
    "MOST_READERS",
    "TO_ASSIGNMENTS",
    "TO_READINGS",
    "Adjudication",
    "AgreementCase",
    "AgreementReport",
    "Assignment",
    "Batch",
    "BulkDeed",
    "Comment",
    "DeedSort",
    "Dispute",
    "Divergence",
    "Lapse",
    "Notice",
    "NoticeQuerySet",
    "NoticeSort",
    "ReportState",
    "Ruling",
]
