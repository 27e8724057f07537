"""Static files under hashed names, ES modules included."""

from collections.abc import Callable
from re import Match
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class ModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names the imports of our modules by their hashes, so that new and old modules never mix."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[Match[str]], str]:
        """Leave other packages' scripts as they are: some name files in comments that they do not ship."""
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda match: match[0]
        return super().url_converter(name, *args, **kwargs)  # type: ignore[no-any-return]
