"""Where webhooks may be sent to: never into the operator's own network, unless the operator allows it."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

LONGEST = 500
_LOCAL = ("localhost", "local", "internal", "lan", "home", "intranet", "arpa")
_TRANSLATED = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
"""Addresses of IPv6 that hold one of IPv4, which a gateway would take out."""


class Refused(Exception):
    """Nothing may be sent there; the words are for people."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL in its parts: `path` with its query, all in ASCII."""

    is_secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """The parts of a URL. Raises Refused when it is not one that can be sent to, without asking for its name."""
    if len(url) > LONGEST or not url.isprintable() or " " in url:
        raise Refused(f"A URL has at most {LONGEST} characters, without spaces.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except ValueError as error:
        raise Refused("This is no URL.") from error
    if parts.scheme not in _schemes():
        raise Refused(f"The URL begins with {' or '.join(f'{one}://' for one in _schemes())}.")
    if not host or port == 0:
        raise Refused("The URL names no host and port that can be reached.")
    if "@" in parts.netloc or "#" in url:
        raise Refused("The URL holds neither a name and password nor a “#”: what is sent is signed instead.")
    _refuse_local(host)
    is_secure = parts.scheme == "https"
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else "")) or "/"
    return Target(is_secure, host, port or (443 if is_secure else 80), path)


def addresses_of(target: Target) -> list[str]:
    """The addresses its name stands for now. Raises Refused when one of them is private, OSError when there is none."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    for address in addresses:
        _refuse_private(address)
    return addresses


def is_public(address: str) -> bool:
    """Whether an address, as numbers, is reached over the internet and is one machine's."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and (ip.is_site_local or any(ip in one for one in _TRANSLATED)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _schemes() -> tuple[str, ...]:
    return ("https", "http") if settings.WEBHOOKS_TO_PRIVATE else ("https",)


def _refuse_local(host: str) -> None:
    """Refuse numbers, however they are written, and names that lead inward, as far as that shows in the name."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        labels = host.rstrip(".").split(".")
        if not settings.WEBHOOKS_TO_PRIVATE and (len(labels) == 1 or labels[-1] in _LOCAL):
            raise Refused(f"“{host}” is a name of a private network; nothing is sent there.") from None
        return
    for *_, place in found:
        _refuse_private(str(place[0]))


def _refuse_private(address: str) -> None:
    if not settings.WEBHOOKS_TO_PRIVATE and not is_public(address):
        raise Refused(f"{address} is a private address; nothing is sent there.")
