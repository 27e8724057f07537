"""From the bytes of a file to text, without guessing: an unreadable file is refused with its reason.

UTF-8 and UTF-16 with a byte order mark are recognised; HTML may declare another encoding. The byte order mark stays in
the text, for `canonical` to drop, so that the map of offsets knows of it.
"""

import codecs
import re

MEGABYTE = 1024 * 1024
LARGEST_TEXT = 5 * MEGABYTE
"""The most bytes of UTF-8 that one article's text may have."""
LARGEST_HTML = 10 * MEGABYTE
"""The most bytes that one HTML page may have."""

_MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"RIFF": "a sound, film or picture",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a SQLite database",
    b"ID3": "a sound",
    b"OggS": "a sound or film",
}
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_INVISIBLE = "\ufeff \t\r\n\v\f\0\u00a0\u2028\u2029\u3000\u200b\ufffd"
_CONTROL_BYTES = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
_TOLERATED_CONTROLS = 0.1
_DECLARED_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
_WHAT_THE_WEB_MEANS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949", "shift_jis": "cp932",
}  # fmt: skip


class UnreadableError(ValueError):
    """The bytes are no text that can be taken in; the message says why, for people."""


def decode_text(data: bytes) -> str:
    """The text of a plain text file. Raises UnreadableError for binary data and broken UTF-8 or UTF-16."""
    encoding = _encoding_by_mark(data)
    _refuse_binary(data, is_wide=encoding.startswith("utf-16"))
    return _decode(data, encoding)


def decode_html(data: bytes, charset: str = "") -> str:
    """The markup of a page, by its byte order mark, the `charset` it was served with, what it declares, or UTF-8."""
    encoding = _encoding_by_mark(data, default="")
    _refuse_binary(data, is_wide=encoding.startswith("utf-16"))
    if not encoding:
        declared = _DECLARED_CHARSET.search(data[:_DECLARED_WITHIN])
        encoding = _known_encoding(charset or (declared.group(1).decode("ascii", "replace") if declared else "utf-8"))
    return _decode(data, encoding)


def check_size(size: int, largest: int = LARGEST_TEXT, what: str = "an article's text") -> None:
    """Raises UnreadableError when so many bytes are more than allowed; to be asked before anything is read."""
    if size > largest:
        raise UnreadableError(
            f"This is {size / MEGABYTE:.1f} MB; {what} may have at most {largest // MEGABYTE} MB. "
            "Many articles in one file go into a JSONL file, one article a line."
        )


def check_text(text: str) -> None:
    """Raises UnreadableError when a text is blank or too large to be an article's."""
    check_not_blank(text)
    if len(text) > LARGEST_TEXT // 4:
        check_size(len(text.encode("utf-8", "surrogatepass")))


def check_not_blank(text: str) -> None:
    """Raises UnreadableError when nothing in a text can be seen."""
    if not text.strip(_INVISIBLE):
        raise UnreadableError("There is no text in it." if text else "It is empty.")


def _encoding_by_mark(data: bytes, default: str = "utf-8") -> str:
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), default)


def _refuse_binary(data: bytes, *, is_wide: bool) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableError(f"This is {what}, not text.")
    if is_wide:
        return
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if controls > _TOLERATED_CONTROLS * len(data):
        raise UnreadableError("This is binary data, not text (or UTF-16 without a byte order mark).")


def _known_encoding(name: str) -> str:
    try:
        encoding = codecs.lookup(name.strip()).name
        " ".encode(encoding)
    except (LookupError, UnicodeError):
        raise UnreadableError(f"It declares the encoding “{name[:40]}”, which is none of text that we know.") from None
    return _WHAT_THE_WEB_MEANS.get(encoding, encoding)


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        found = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 4])
        label = encoding.upper().removesuffix("-LE").removesuffix("-BE")
        raise UnreadableError(f"It is not valid {label}: byte {error.start} ({found}) cannot be read.") from None
