"""Static files under hashed names, ES modules included without their comments, and stylesheets joined to one."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from re import Match
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# A comment that stands alone: a fourth of what a module weighs. Types before an expression stay.
_COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r'^@import "([\w-]+\.css)";$', re.MULTILINE)


class _Joined:
    """Reads stylesheets with the files beside them that they import put in the place of the import."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def open(self, path: str) -> "ContentFile[bytes]":
        """The stylesheet in one piece."""
        return ContentFile(_IMPORT.sub(lambda found: self._text(found[1], beside=path), self._text(path)).encode())

    def _text(self, name: str, *, beside: str = "") -> str:
        with self.storage.open(str(PurePosixPath(beside).with_name(name)) if beside else name) as file:
            return str(file.read().decode())


class _Bare:
    """Reads modules without their comments, every line of code where it was."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def open(self, path: str) -> "ContentFile[bytes]":
        """The module as it is sent."""
        with self.storage.open(path) as file:
            code = str(file.read().decode())
        return ContentFile(_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), code).encode())


_READERS: dict[str, type[_Joined | _Bare]] = {"css/": _Joined, "js/": _Bare}


class ModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names the imports of our modules by their hashes, so that new and old modules never mix.

    A stylesheet that imports others is sent as one: a page waits for all of them before it shows a word.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each module in the longest chain of imports

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress the collected files (name → storage and path)."""
        ours = {name: (_reader(name, storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(ours, *args, **options)

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[Match[str]], str]:
        """Leave other packages' scripts as they are: some name files in comments that they do not ship."""
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda match: match[0]
        return super().url_converter(name, *args, **kwargs)  # type: ignore[no-any-return]


def _reader(name: str, storage: Any) -> Any:
    """What reads a file for being sent: our modules and stylesheets are not sent as they are written."""
    folder, slash, _ = name.partition("/")
    reader = _READERS.get(folder + slash)
    return reader(storage) if reader and name.endswith((".js", ".css")) else storage
