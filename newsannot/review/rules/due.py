"""When something is due, as people say it."""

from datetime import datetime


def due_in_words(due_at: datetime | None, now: datetime) -> str:
    """`due today`, `due in 3 days`, `5 hours late`, `2 days late`, by days of UTC; nothing without a due date."""
    if due_at is None:
        return ""
    if due_at < now:
        hours = int((now - due_at).total_seconds() // 3600)
        return f"{_counted(hours // 24, 'day')} late" if hours >= 24 else f"{_counted(max(hours, 1), 'hour')} late"
    days = (due_at.date() - now.date()).days
    return "due today" if days == 0 else "due tomorrow" if days == 1 else f"due in {days} days"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'s' * (count != 1)}"
