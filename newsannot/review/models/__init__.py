"""What review keeps: work assigned, and what is decided between readings."""

from newsannot.review.models.adjudication import Adjudication, Dispute, Ruling
from newsannot.review.models.assignment import LONGEST_LEASE, MOST_READERS, Assignment, Batch, Lapse

__all__ = ["LONGEST_LEASE", "MOST_READERS", "Adjudication", "Assignment", "Batch", "Dispute", "Lapse", "Ruling"]
