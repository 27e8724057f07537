"""Requests against the server: one after the other, or from many clients at once over kept connections."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

Request = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """Milliseconds at the median and the 95th percentile, answers a second, and answers that were not 2xx or 3xx."""

    median: float
    p95: float
    per_second: float
    errors: int
    first_error: str = ""


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def fire(port: int, make: Request, *, total: int, clients: int) -> Result:
    """Send `total` requests from `clients` connections; `make` gets the request's number."""
    return asyncio.run(_fire(port, make, total, clients))


async def _fire(port: int, make: Request, total: int, clients: int) -> Result:
    numbers, times, errors = count(), [], []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (number := next(numbers)) < total:
            began = time.perf_counter()
            writer.write(make(number))
            status, body = await _answer(reader)
            times.append((time.perf_counter() - began) * 1000)
            if not 200 <= status < 400:
                errors.append(f"{status} {body[:300].decode(errors='replace')}")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    elapsed = time.perf_counter() - began
    ordered = sorted(times)
    return Result(
        median=statistics.median(ordered),
        p95=ordered[int(len(ordered) * 0.95) - 1],
        per_second=len(times) / elapsed,
        errors=len(errors),
        first_error=errors[0] if errors else "",
    )


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    if b"content-length" in fields:
        return status, await reader.readexactly(int(fields[b"content-length"]))
    body = b""
    while fields.get(b"transfer-encoding") == b"chunked":
        size = int(await reader.readline(), 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if size == 0:
            break
    return status, body
