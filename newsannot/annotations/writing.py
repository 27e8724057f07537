"""The API's answers to what is sent about one kind of annotation: a record marked in a reading."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from newsannot.accounts.access import signed_in
from newsannot.annotations.access import reading_to_change
from newsannot.annotations.models import Annotation
from newsannot.annotations.outward import read_one_outward
from newsannot.annotations.sent import mark_as_sent
from newsannot.annotations.serializers import Face, present_working
from newsannot.core.http import object_of
from newsannot.core.layers import Audience


def mark_in_reading(request: Request, face: Face, reading_id: int) -> Response:
    """Mark what the body describes: 201 with the record."""
    reading = reading_to_change(signed_in(request), reading_id)
    sent = face.unfold(object_of(request))
    change = mark_as_sent(kind=face.kind, reading=reading, sent=sent, by=signed_in(request))
    return record_response(request, change.annotation, status=201)


def record_response(request: Request, annotation: Annotation, *, status: int = 200) -> Response:
    """A record for those who work on it, with its version as ETag and its address."""
    shown = read_one_outward(annotation, Audience.STAFF)
    response = Response(present_working([shown])[0], status=status)
    response["ETag"] = f'"{shown.version}"'
    if status == 201:
        response["Location"] = reverse("api:annotation", [shown.public_id], request=request)
    return response
