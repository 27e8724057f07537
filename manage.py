#!/usr/bin/env python3
"""Django's command line, with the embedded PostgreSQL running when no other database is named."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
    from newsannot.core.embedded import EmbeddedDatabaseError, ensure_running

    try:
        ensure_running()
    except EmbeddedDatabaseError as error:
        sys.exit(f"newsannot: {error}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
