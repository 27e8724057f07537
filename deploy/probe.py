"""Ask the application how it is, under the name it answers to: probe.py URL. Exit 0 for 200; for health checks."""

import os
import sys
import urllib.error
import urllib.request


def main() -> None:
    """Print the answer, or leave with the reason there is none."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(sys.argv[1], headers=headers)  # noqa: S310  the compose file's own address
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            print(answer.read().decode())
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {error.read().decode()}")
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
