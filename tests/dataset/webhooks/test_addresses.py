"""Where nothing is sent to, however it is written."""

import socket

import pytest

from newsannot.dataset.webhooks.addresses import Refused, Target, addresses_of, is_public, target_of
from newsannot.dataset.webhooks.sending import post
from tests.dataset.webhooks.receiving import receiver

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - not to bind to
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2001:0:1::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_one_machine_on_the_internet_are_not_public(address) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_addresses_on_the_internet_are_public(address) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://[{one}]/" if ":" in one else f"https://{one}/" for one in PRIVATE),
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://[::ffff:7f00:1]:8443/in",
        "https://[fe80::1%25lo]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db/",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://ａ.localhost/",
        "https://①②⑦.0.0.1/",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "example.org",
        "https://",
        "https:///in",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        "https://me:secret@example.org/",
        "https://example.org/#here",
        "https://example.org/a b",
        "https://example.org/\r\nX-Also: 1",
        "https://a..org/",
        f"https://example.org/{'x' * 500}",
        "",
    ],
)
def test_urls_that_nothing_is_sent_to_are_refused_before_anything_is_asked_of_the_network(url) -> None:
    with pytest.raises(Refused):
        target_of(url)


def test_a_url_is_taken_apart() -> None:
    assert target_of("https://example.org") == Target(True, "example.org", 443, "/")
    assert target_of("https://Bücher.example:8443/ü?q=é") == Target(
        True, "xn--bcher-kva.example", 8443, "/%C3%BC?q=%C3%A9"
    )
    assert target_of("https://8.8.8.8/") == Target(True, "8.8.8.8", 443, "/")


def test_a_name_that_stands_for_a_private_address_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(Refused, match="is a private address"):
        addresses_of(Target(True, "localhost", 443, "/"))


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(Refused, match=r"^10\.0\.0\.1 is a private address"):
        addresses_of(Target(True, "example.org", 443, "/"))


def test_nothing_is_sent_to_a_private_address_unless_allowed(settings) -> None:
    with receiver() as there:
        outcome = post(there.url.replace("http:", "https:"), b"{}", {})
        assert (outcome.status, outcome.error) == (None, "127.0.0.1 is a private address; nothing is sent there.")
        assert there.got == []
        settings.WEBHOOKS_TO_PRIVATE = True
        assert post(there.url, b"{}", {}).status == 204


def test_what_was_checked_is_what_is_connected_to(settings, monkeypatch) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    asked, really = [], socket.getaddrinfo

    def name_server(host, port, *rest, **more):
        if host == "rebound.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 2 else "127.0.0.2"  # the first is the look at how it is written
        return really(host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", name_server)
    with receiver() as there:
        url = there.url.replace("127.0.0.1", "rebound.example")
        assert post(url, b"{}", {}).status == 204
        assert there.got[0][0]["host"] == url.split("/")[2]
    assert len(asked) == 2


def test_a_redirect_is_not_followed(settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    with receiver(307) as there:
        outcome = post(there.url, b"{}", {})
        assert (outcome.status, outcome.error) == (307, "It answered 307 and redirects are not followed.")
        assert len(there.got) == 1


def test_a_receiver_that_is_not_there_is_said_so(settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused
        outcome = post(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"{}", {})
    assert (outcome.status, outcome.error) == (None, "It refused the connection.")


def test_one_that_never_answers_is_given_up(settings, monkeypatch) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    monkeypatch.setattr("newsannot.dataset.webhooks.sending.ANSWERING", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})
    assert (outcome.status, outcome.error) == (None, "It did not answer within 0.2 seconds.")


def test_one_that_speaks_no_http_is_said_so(settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    with receiver() as there:
        outcome = post(there.url.replace("http:", "https:"), b"{}", {})  # a handshake is answered in plain words
    assert outcome.status is None
    assert outcome.error == "The connection broke off before it answered."
