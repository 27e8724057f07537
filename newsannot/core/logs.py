"""What is written to the log: a refusal is a line, not a trace."""

from logging import LogRecord

SERVER_ERROR = 500


def without_traces_of_refusals(record: LogRecord) -> bool:
    """Logging filter: let every record through, those of answers below 500 without their trace."""
    if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
        record.exc_info = record.exc_text = None
    return True
