#!/usr/bin/env python3
"""Django's command line, with the embedded PostgreSQL running when no other database is named."""

import os
import sys
from collections.abc import Sequence


def is_about_commands(arguments: Sequence[str]) -> bool:
    """Whether a command line only asks what there is to run, and how: that is answered without a database."""
    return (
        not arguments or arguments[0] in {"help", "version", "--version"} or not {"-h", "--help"}.isdisjoint(arguments)
    )


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsannot.settings")
    from newsannot.core.embedded import EmbeddedDatabaseError, ensure_running

    try:
        if not is_about_commands(sys.argv[1:]):
            ensure_running()
    except EmbeddedDatabaseError as error:
        sys.exit(f"newsannot: {error}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
