"""`newsannot-copy`: make a copy of the published record, keep it up to date, write it out."""

import argparse
import os
import sys

from newsannot_client.client import ApiError, Client, Unreachable
from newsannot_client.copy import LocalCopy, Synced, SyncRefused


def main() -> None:
    """Run one command; an error is one line on standard error and exit code 1."""
    asked = _asked()
    try:
        with LocalCopy(asked.file) as copy:
            if asked.command == "sync":
                client = Client(asked.address, os.environ["NEWSANNOT_TOKEN"])
                done = copy.sync(client, on_page=_tell, page_size=asked.page_size)
                print(f"{done.changes} changes; the copy is at {done.seq}.")
            else:
                copy.dump(asked.to)
    except KeyError:
        sys.exit("Set NEWSANNOT_TOKEN to your API token.")
    except (ApiError, Unreachable, SyncRefused, OSError, ValueError) as error:
        sys.exit(str(error))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="newsannot-copy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sync = commands.add_parser("sync", help="apply every change since the last time; the token is in NEWSANNOT_TOKEN")
    sync.add_argument("file", help="the SQLite file that holds the copy")
    sync.add_argument("address", help="where newsannot is, such as http://127.0.0.1:8000/")
    sync.add_argument("--page-size", type=int, default=500)
    dump = commands.add_parser("dump", help="write the copy as JSONL")
    dump.add_argument("file", help="the SQLite file that holds the copy")
    dump.add_argument("to", help="the JSONL file to write")
    return parser.parse_args()


def _tell(synced: Synced) -> None:
    print(f"change {synced.seq} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
