"""One spelling for each web address, so that the same article is recognised by it."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

LONGEST_URL = 2000
"""Bytes; what a unique index can still hold."""
_TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "yclid", "mc_cid", "mc_eid", "igshid", "_ga"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LEGAL = "/%:@!$&'()*+,;=~-._"


class BadAddressError(ValueError):
    """Not the web address of an article; the message says why, for people."""


def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters and default port, its host in lower case.

    Raises BadAddressError for what is no http or https address.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError):
        raise BadAddressError("This is no web address.") from None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host or any(c.isspace() for c in parts.path):
        raise BadAddressError("A web address starts with http:// or https:// and names a host.")
    place = host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"
    result = urlunsplit((parts.scheme.lower(), place, quote(parts.path or "/", safe=_LEGAL), _query(parts.query), ""))
    if len(result) > LONGEST_URL:
        raise BadAddressError(f"A web address may have at most {LONGEST_URL} characters.")
    return result


def domain_of(url: str) -> str:
    """The host of a canonical address without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _query(query: str) -> str:
    """The query without tracking parameters; left as written when there are none."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not (key.startswith("utm_") or key in _TRACKING)]
    return urlencode(kept) if len(kept) != len(pairs) else quote(query, safe=_LEGAL + "?[]")
