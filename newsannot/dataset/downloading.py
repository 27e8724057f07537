"""Handing out a file of a release, with the memory of one piece."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from newsannot.dataset.models import ReleaseFile
from newsannot.dataset.releasing.verifying import bytes_of


def download(request: HttpRequest, file: ReleaseFile) -> HttpResponseBase:
    """The bytes of a file, or 304 for who has them."""
    response = StreamingHttpResponse(bytes_of(file), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = f'attachment; filename="{file.release.name}-{file.name}"'
    response["ETag"] = tag = f'"{file.sha256}"'
    patch_cache_control(response, private=True, no_cache=True)
    known: Any = response  # the stubs do not know that an answer may stream
    return get_conditional_response(request, etag=tag, response=known) or response
