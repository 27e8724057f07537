"""Static files under hashed names, ES modules included, and stylesheets joined to one."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from re import Match
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

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


class ModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names the imports of our modules by their hashes, so that new and old modules never mix.

    A stylesheet that imports others is sent as one: a page waits for all of them before it shows a word.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress the collected files (name → storage and path)."""
        ours = {
            name: (_Joined(storage) if name.startswith("css/") else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(ours, *args, **options)

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[Match[str]], str]:
        """Leave other packages' scripts as they are: some name files in comments that they do not ship."""
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda match: match[0]
        return super().url_converter(name, *args, **kwargs)  # type: ignore[no-any-return]
