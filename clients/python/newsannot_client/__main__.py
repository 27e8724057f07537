"""`newsannot-copy`: make a copy of the published record, keep it up to date, write it out; verify releases."""

import argparse
import os
import sys

from newsannot_client.client import ApiError, Client, Unreachable
from newsannot_client.copy import LocalCopy, Synced, SyncRefused
from newsannot_client.verifying import verify


def main() -> None:
    """Run one command; an error is one line on standard error and exit code 1."""
    asked = _asked()
    try:
        asked.run(asked)
    except KeyError:
        sys.exit("Set NEWSANNOT_TOKEN to your API token.")
    except (ApiError, Unreachable, SyncRefused, OSError, ValueError) as error:
        sys.exit(str(error))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="newsannot-copy", description=__doc__)
    commands = parser.add_subparsers(required=True)
    sync = commands.add_parser("sync", help="apply every change since the last time; the token is in NEWSANNOT_TOKEN")
    sync.add_argument("file", help="the SQLite file that holds the copy")
    sync.add_argument("address", help="where newsannot is, such as http://127.0.0.1:8000/")
    sync.add_argument("--page-size", type=int, default=500)
    sync.set_defaults(run=_sync)
    dump = commands.add_parser("dump", help="write the copy as JSONL")
    dump.add_argument("file", help="the SQLite file that holds the copy")
    dump.add_argument("to", help="the JSONL file to write")
    dump.set_defaults(run=_dump)
    check = commands.add_parser("verify", help="replay the feed and compare it with a release, byte for byte")
    check.add_argument("release", help="the name of the release")
    check.add_argument("address", help="where newsannot is")
    check.set_defaults(run=_verify)
    return parser.parse_args()


def _sync(asked: argparse.Namespace) -> None:
    with LocalCopy(asked.file) as copy:
        done = copy.sync(_client(asked), on_page=_tell, page_size=asked.page_size)
        print(f"{done.changes} changes; the copy is at {done.seq}.")


def _dump(asked: argparse.Namespace) -> None:
    with LocalCopy(asked.file) as copy:
        copy.dump(asked.to)


def _verify(asked: argparse.Namespace) -> None:
    is_right = True
    for one in verify(_client(asked), asked.release):
        print(f"{'WRONG' if one.problem else 'ok   '} {one.name} {one.problem}".rstrip())
        is_right = is_right and not one.problem
    if not is_right:
        sys.exit(1)
    print(f"Release {asked.release} is what the feed says, byte for byte.")


def _client(asked: argparse.Namespace) -> Client:
    return Client(asked.address, os.environ["NEWSANNOT_TOKEN"])


def _tell(synced: Synced) -> None:
    print(f"change {synced.seq} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
