"""The API's readings, annotations of every kind, mentions, and the verifying of spans."""

from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of, signed_in
from newsannot.accounts.models import Scope
from newsannot.actors.filters import actor_filter
from newsannot.annotations.access import annotation_for, annotation_to_change, reading_for, reading_to_change
from newsannot.annotations.actions import declare_nothing_found, delete_annotation, open_reading, submit_reading
from newsannot.annotations.kinds import MENTION
from newsannot.annotations.layers import LAYERS, revision_to_verify
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.outward import last_comment, read_one_outward
from newsannot.annotations.pages import READ, one_of_kind, page_of_kind, page_of_reading
from newsannot.annotations.sent import change_as_sent
from newsannot.annotations.serializers import (
    Face,
    LinkedAnnotationOut,
    MentionIn,
    MentionOut,
    MentionPage,
    MentionWorkOut,
    MentionWorkPage,
    OpenedReadingOut,
    ReadingOut,
    SubmissionIn,
    VerificationIn,
    VerificationOut,
    all_faces,
    face_of,
    present_linked,
    present_mentions,
    present_opened,
    present_reading,
    present_working,
    register_face,
)
from newsannot.annotations.verifying import verify_spans
from newsannot.annotations.writing import mark_in_reading, record_response
from newsannot.articles.access import article_for
from newsannot.articles.filters import about_articles
from newsannot.codebook.filters import code_filter
from newsannot.core.describing import IF_MATCH, LINKED, described, layer_parameter
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.filters import any_of, conditions, updated_since
from newsannot.core.history import action
from newsannot.core.http import conditional, endpoint, object_of, only, version_matched
from newsannot.core.layers import Audience
from newsannot.core.refusals import Refusal
from newsannot.core.requests import scopes_of

LINKED_TYPE = f'{LINKED}; profile="http://www.w3.org/ns/anno.jsonld"'
WRITE = Scope.WRITE_ANNOTATIONS.value
MOST_SPANS = 1000
READING_REFUSALS = ("malformed", "forbidden", "not-found", "media-type", "rule")
MARKING_REFUSALS = (*READING_REFUSALS, "mismatch")

MENTION_FACE = register_face(
    Face(kind=MENTION, out=MentionWorkOut, taken=MentionIn, present=present_mentions),
)
FILTERS = (
    *about_articles("reading__revision__article"),
    actor_filter("actor", any_of("actor"), "Who is named."),
    code_filter("form", "mention-form", any_of("form"), "How they are named."),
    updated_since(),
)


# --- Mentions ------------------------------------------------------------------------------------


@described(
    method="GET",
    tag="mentions",
    operation="list_mentions",
    summary="List mentions",
    answer=MentionPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def mentions(request: Request) -> Response:
    """Which words name which actor."""
    return page_of_kind(request, MENTION, FILTERS)


@described(
    method="GET",
    tag="mentions",
    operation="read_mention",
    summary="Read a mention",
    answer=MentionOut,
    parameters=[layer_parameter(LAYERS)],
    refusals=["query", "forbidden", "not-found"],
)
@endpoint(GET=READ)
def mention(request: Request, public_id: UUID) -> Response:
    """One mention."""
    return one_of_kind(request, MENTION, public_id)


@described(
    method="GET",
    tag="readings",
    operation="list_mentions_of_reading",
    summary="List the mentions of a reading",
    answer=MentionWorkPage,
    is_paged=True,
    refusals=["not-found"],
)
@described(
    method="POST",
    tag="readings",
    operation="mark_mention",
    summary="Mark a mention",
    body=MentionIn,
    answer=MentionWorkOut,
    status=201,
    refusals=MARKING_REFUSALS,
)
@endpoint(GET=WRITE, POST=WRITE)
def reading_mentions(request: Request, reading_id: int) -> Response:
    """The mentions of a reading, or a new one."""
    if request.method == "POST":
        return mark_in_reading(request, MENTION_FACE, reading_id)
    return page_of_reading(request, MENTION, reading_id)


# --- Readings ------------------------------------------------------------------------------------


@described(
    method="POST",
    tag="readings",
    operation="open_reading",
    summary="Open one's reading of an article",
    details="Opens a reading of the article's newest text, or gives back the one there is: 200 both times.",
    answer=OpenedReadingOut,
    refusals=["malformed", "not-found", "media-type", "rule"],
)
@endpoint(POST=WRITE)
def article_readings(request: Request, article_id: int) -> Response:
    """One's own reading of an article's newest text."""
    only(object_of(request))
    user = signed_in(request)
    revision = article_for(user, article_id).revisions.defer("raw", "search", "text").order_by("number").last()
    if revision is None:
        raise Http404("This article has no text.")
    return Response(_opened(open_reading(revision=revision, by=user)))


@described(
    method="GET",
    tag="readings",
    operation="read_reading",
    summary="Read a reading, with its text",
    answer=OpenedReadingOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=WRITE)
def reading(request: Request, reading_id: int) -> Response:
    """A reading the person may see."""
    conditions(request, ())
    return conditional(request, _opened(reading_for(signed_in(request), reading_id)))


def _opened(reading: Reading) -> dict[str, Any]:
    prefetch_related_objects([reading], "revision__zones", "reader", "codebook")
    return present_opened(reading, last_comment(reading), list(reading.revision.zones.all()))


@described(
    method="POST",
    tag="readings",
    operation="submit_reading",
    summary="Hand one's reading in",
    body=SubmissionIn,
    answer=ReadingOut,
    refusals=READING_REFUSALS,
)
@endpoint(POST=WRITE)
def submit(request: Request, reading_id: int) -> Response:
    """Hand a reading in for review."""
    handed_in = reading_to_change(signed_in(request), reading_id)
    sent = only(object_of(request), "nothing_found")
    if not isinstance(sent.get("nothing_found", False), bool):
        raise RuleBroken("This takes true or false.", field="nothing_found")
    _hand_in(reading=handed_in, is_empty=sent.get("nothing_found", False), by=signed_in(request))
    handed_in.refresh_from_db(fields=["state", "version", "nothing_found"])
    return Response(present_reading(handed_in, last_comment(handed_in)))


@action
def _hand_in(*, reading: Reading, is_empty: bool, by: Any) -> None:
    """Declare and submit, both or neither."""
    if is_empty:
        declare_nothing_found(reading=reading, nothing_found=True, by=by)
    submit_reading(reading=reading, by=by)


# --- Annotations ---------------------------------------------------------------------------------


def _any_of(attribute: str, name: str) -> PolymorphicProxySerializer:
    """One of the kinds' serializers, looked up when all kinds are known."""
    return PolymorphicProxySerializer(
        component_name=name,
        serializers=lambda: [getattr(face, attribute) for face in all_faces()],
        resource_type_field_name=None,
    )


@described(
    method="GET",
    tag="annotations",
    operation="read_annotation",
    summary="Read an annotation of any kind",
    details="One that is published, or in a reading you may see. With `Accept: application/ld+json` as a W3C Web "
    "Annotation, without notes.",
    answer=_any_of("out", "AnnotationOut"),
    refusals=["query", "not-found"],
    linked=LinkedAnnotationOut,
)
@described(
    method="PATCH",
    tag="annotations",
    operation="change_annotation",
    summary="Change an annotation",
    details="Fields and roles that are left out stay as they are; a role that is given gets exactly these spans.",
    body=_any_of("taken", "AnnotationIn"),
    answer=_any_of("out", "AnnotationOut"),
    parameters=[IF_MATCH],
    refusals=[*READING_REFUSALS, "mismatch", "stale", "version-missing"],
)
@described(
    method="DELETE",
    tag="annotations",
    operation="delete_annotation",
    summary="Delete an annotation",
    details="Refused while another record rests on it.",
    status=204,
    parameters=[IF_MATCH],
    refusals=["malformed", "forbidden", "not-found", "rule", "stale", "version-missing"],
)
@endpoint(GET=READ, PATCH=WRITE, DELETE=WRITE)
def annotation(request: Request, public_id: UUID) -> Response:
    """One annotation of any kind."""
    if request.method == "GET":
        return _read(request, public_id)
    standing = annotation_to_change(signed_in(request), public_id)
    version = version_matched(request)
    try:
        if request.method == "DELETE":
            delete_annotation(annotation=standing, version=version, by=signed_in(request))
            return Response(status=204)
        sent = face_of(standing.kind).unfold(object_of(request))
        change = change_as_sent(annotation=standing, sent=sent, version=version, by=signed_in(request))
    except Stale as stale:
        (current,) = present_working([read_one_outward(stale.current, Audience.STAFF)])
        headers = {"ETag": f'"{current["version"]}"'}
        raise Refusal("stale", str(stale), extra={"current": current}, headers=headers) from stale
    return record_response(request, change.annotation)


def _read(request: Request, public_id: UUID) -> Response:
    conditions(request, ())
    scopes, found = scopes_of(request), None
    if Scope.READ_CURATED in scopes:
        found = Annotation.objects.given_out(audience_of(request)).filter(public_id=public_id).first()
    if found is None and Scope.WRITE_ANNOTATIONS in scopes:
        found = annotation_for(signed_in(request), public_id)
    if found is None:
        raise Http404("There is no such annotation, or it is not published.")
    is_seen = Reading.objects.visible_to(signed_in(request)).filter(pk=found.reading_id).exists()
    shown = read_one_outward(found, audience_of(request))
    if LINKED in request.headers.get("Accept", ""):
        linked = conditional(request, present_linked(shown), version=shown.version, content_type=LINKED_TYPE)
        return _varying(linked)
    (given,) = present_working([shown], with_note=is_seen and Scope.WRITE_ANNOTATIONS in scopes)
    return _varying(conditional(request, given, version=shown.version))


def _varying(response: Response) -> Response:
    patch_vary_headers(response, ["Accept"])
    return response


# --- Verifying -----------------------------------------------------------------------------------


@described(
    method="POST",
    tag="revisions",
    operation="verify_spans",
    summary="Hold spans against a text",
    details=f"Says of each of up to {MOST_SPANS} spans whether it holds, with its offsets in code points, UTF-16 units "
    "and UTF-8 bytes. For revisions that are published, or that you may annotate.",
    body=VerificationIn,
    answer=VerificationOut,
    refusals=["malformed", "not-found", "media-type", "rule"],
)
@endpoint(POST=READ)
def verify(request: Request, revision_id: int) -> Response:
    """Whether spans hold."""
    revision = revision_to_verify(revision_id, audience_of(request))
    spans = only(object_of(request), "spans").get("spans")
    if not isinstance(spans, list) or len(spans) > MOST_SPANS:
        raise RuleBroken(f"Send a list of up to {MOST_SPANS} spans.", field="spans")
    return Response(
        {
            "revision": revision.pk,
            "sha256": revision.sha256,
            "length": revision.length,
            "spans": verify_spans(revision.text, revision.sha256, spans),
        }
    )
