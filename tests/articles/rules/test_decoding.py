"""Bytes that are text are read; bytes that are not are refused with their reason."""

import pytest

from newsannot.articles.rules.decoding import (
    LARGEST_TEXT,
    UnreadableError,
    check_size,
    check_text,
    decode_html,
    decode_text,
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Привет\r\n“x”".encode(), "Привет\r\n“x”"),
        (b"\xef\xbb\xbfabc", "\ufeffabc"),
        (b"\xff\xfe" + "שלום".encode("utf-16-le"), "\ufeffשלום"),
        (b"\xfe\xff" + "中文".encode("utf-16-be"), "\ufeff中文"),
        (b"one \x00 among many letters", "one \0 among many letters"),
    ],
)
def test_utf8_and_marked_utf16_are_read(data: bytes, text: str) -> None:
    assert decode_text(data) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"abc\xff\xfedef", "It is not valid UTF-8: byte 3 (FF FE 64 65) cannot be read."),
        ("Привет".encode("cp1251"), "It is not valid UTF-8: byte 0 (CF F0 E8 E2) cannot be read."),
        (b"\xff\xfea", "It is not valid UTF-16: byte 2 (61) cannot be read."),
        (b"%PDF-1.7 rest", "This is a PDF file, not text."),
        (b"PK\x03\x04rest", "This is a ZIP archive or an Office document, not text."),
        (b"\x89PNG\r\n\x1a\n", "This is a PNG picture, not text."),
        ("text".encode("utf-16-le"), "This is binary data, not text (or UTF-16 without a byte order mark)."),
        (bytes(1000), "This is binary data, not text (or UTF-16 without a byte order mark)."),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        decode_text(data)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<meta charset=windows-1251><p>" + "Мир".encode("cp1251"), "<meta charset=windows-1251><p>Мир"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>\x93x\x94',
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>“x”',
        ),
        (b'<?xml version="1.0" encoding="GB2312"?>' + "中".encode("gbk"), '<?xml version="1.0" encoding="GB2312"?>中'),
        ("<p>Мир".encode(), "<p>Мир"),
    ],
)
def test_html_is_read_in_the_encoding_it_declares(data: bytes, text: str) -> None:
    assert decode_html(data) == text


def test_the_encoding_a_page_was_served_in_goes_before_the_one_it_declares() -> None:
    assert decode_html(b"<meta charset=utf-8>" + "Мир".encode("koi8-r"), charset="koi8-r") == "<meta charset=utf-8>Мир"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<p>\xcf\xf0</p>", "It is not valid UTF-8: byte 3 (CF F0 3C 2F) cannot be read."),
        (b"<meta charset=klingon>", "It declares the encoding “klingon”, which is none of text that we know."),
        (b"<meta charset=base64>", "It declares the encoding “base64”, which is none of text that we know."),
    ],
)
def test_html_in_no_readable_encoding_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        decode_html(data)
    assert str(refusal.value) == reason


def test_a_huge_file_is_refused_by_its_size_alone() -> None:
    with pytest.raises(UnreadableError, match=r"This is 50\.0 MB; an article's text may have at most 5 MB\."):
        check_size(50 * 1024 * 1024)


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\ufeff\u200b", "\0"])
def test_a_blank_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"It is empty\.|There is no text in it\."):
        check_text(text)


def test_a_text_of_the_largest_size_is_taken_and_one_byte_more_is_refused() -> None:
    check_text("é" * (LARGEST_TEXT // 2))
    with pytest.raises(UnreadableError, match="at most 5 MB"):
        check_text("é" * (LARGEST_TEXT // 2) + "a")
