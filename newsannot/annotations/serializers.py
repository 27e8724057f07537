"""What the API gives out and takes in of annotations: what all kinds share, mentions, readings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from newsannot.actors.serializers import ActorNamedOut
from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Reading, ReadingState
from newsannot.annotations.outward import Outward
from newsannot.articles.models import Zone, ZoneKind
from newsannot.articles.serializers import RevisionNameOut, SourceNameOut
from newsannot.core.describing import page


class SpanOut(serializers.Serializer[Any]):
    """Evidence: `text[start:end] == exact`, in Unicode code points of the revision's canonical text."""

    start = serializers.IntegerField(help_text="0-based, in code points.")
    end = serializers.IntegerField(help_text="Exclusive.")
    exact = serializers.CharField(help_text="For readers of sources with an excerpt limit perhaps only its beginning.")
    prefix = serializers.CharField(help_text="Up to 32 code points before.")
    suffix = serializers.CharField(help_text="Up to 32 code points after.")
    sha256 = serializers.CharField(help_text="Of the revision.")


class ArticleNamedOut(serializers.Serializer[Any]):
    """The article, and the revision of it that the spans are in."""

    id = serializers.IntegerField()
    url = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    source = SourceNameOut()  # type: ignore[assignment]
    published_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="The revision's id.")
    sha256 = serializers.CharField(help_text="Of the revision's canonical text in UTF-8.")


class MentionPartsOut(serializers.Serializer[Any]):
    """Where the words stand."""

    text = SpanOut(many=True)


class MentionOut(serializers.Serializer[Any]):
    """These words name this actor."""

    id = serializers.UUIDField()
    article = ArticleNamedOut()
    actor = ActorNamedOut(allow_null=True)
    form = serializers.CharField(allow_null=True, help_text="A code of `mention-form`.")
    certainty = serializers.CharField(allow_null=True, help_text="The coder's; a code of `certainty`.")
    parts = MentionPartsOut()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class WorkingOut(serializers.Serializer[Any]):
    """What a record has besides for those who work on it."""

    kind = serializers.CharField()
    reading = serializers.IntegerField()
    note = serializers.CharField(allow_null=True, help_text="Null for those who may not see the reading.")


class MentionWorkOut(MentionOut, WorkingOut):
    """A mention for those who work on it."""


MentionPage = page(MentionOut, "MentionPage")
MentionWorkPage = page(MentionWorkOut, "MentionWorkPage")

# --- What is sent --------------------------------------------------------------------------------


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "description": "An actor's id."},
            {
                "type": "object",
                "description": "An actor as it is given out.",
                "properties": {"id": {"type": "integer"}},
                "required": ["id"],
            },
            {
                "type": "object",
                "description": "The actor that goes by this name; made when there is none.",
                "properties": {"name": {"type": "string"}, "kind": {"type": "string"}},
                "required": ["name", "kind"],
            },
            {"type": "null"},
        ]
    }
)
class ActorNamedIn(serializers.Field[Any, Any, Any, Any]):
    """An actor by id, or by name and kind."""


class SpanIn(serializers.Serializer[Any]):
    """A stretch of the text, in code points."""

    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)
    exact = serializers.CharField(required=False, help_text="What you believe stands there; 409 when it does not.")
    sha256 = serializers.CharField(required=False, help_text="Of the text you mean; 409 when it is another.")


class MentionPartsIn(serializers.Serializer[Any]):
    """Where the words stand."""

    text = SpanIn(many=True)


class CommonIn(serializers.Serializer[Any]):
    """Fields of every kind. What is left out of a change stays as it is; null empties a field."""

    certainty = serializers.CharField(required=False, allow_null=True, help_text="A code of `certainty`.")
    note = serializers.CharField(required=False, allow_null=True, max_length=4000)


class MentionIn(CommonIn):
    """A mention to mark, or what of it to change."""

    parts = MentionPartsIn(required=False)
    actor = ActorNamedIn(required=False)
    form = serializers.CharField(required=False, allow_null=True, help_text="A code of `mention-form`.")


# --- Readings ------------------------------------------------------------------------------------


class LinkedAnnotationOut(serializers.Serializer[Any]):
    """An annotation as a W3C Web Annotation; see docs/formats.md for the words of `newsannot:`."""

    vars()["@context"] = serializers.ListField(child=serializers.JSONField())
    id = serializers.CharField(help_text="`urn:uuid:` and the annotation's id.")
    type = serializers.ChoiceField(["Annotation"])
    motivation = serializers.CharField()
    modified = serializers.DateTimeField()
    body = serializers.DictField(help_text="Its kind as `value`, its fields as `newsannot:claim`.")
    target = serializers.ListField(
        child=serializers.DictField(), help_text="Each span: its role, TextPositionSelector and TextQuoteSelector."
    )


class ReadingOut(serializers.Serializer[Any]):
    """One person's pass over one text; the curated one, the editors', has no reader."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(ReadingState.choices)
    reader = serializers.CharField(allow_null=True, help_text="The reader's user name; null for the curated reading.")
    article = serializers.IntegerField()
    codebook = serializers.IntegerField(help_text="The number of the codebook it is coded under.")
    nothing_found = serializers.BooleanField(help_text="Declared to hold nothing to mark.")
    comment = serializers.CharField(allow_null=True, help_text="What the last change of state was commented with.")
    version = serializers.IntegerField(help_text="Grows with every change of anything in it.")
    revision = RevisionNameOut()


class ZoneOut(serializers.Serializer[Any]):
    """A part of the text; what is not codable takes no spans."""

    kind = serializers.ChoiceField(ZoneKind.choices)
    start = serializers.IntegerField(help_text="0-based, in code points.")
    end = serializers.IntegerField(help_text="Exclusive.")
    is_codable = serializers.BooleanField()


class RevisionTextOut(RevisionNameOut):
    """A text with its zones."""

    text = serializers.CharField(trim_whitespace=False, help_text="Canonical: what offsets count in.")
    zones = ZoneOut(many=True)


class OpenedReadingOut(ReadingOut):
    """A reading with the text to read."""

    revision = RevisionTextOut()


class SubmissionIn(serializers.Serializer[Any]):
    """What to say on handing in."""

    nothing_found = serializers.BooleanField(required=False, help_text="Declare that there is nothing to mark.")


def present_reading(reading: Reading, comment: str) -> dict[str, Any]:
    """A reading as ReadingOut says."""
    revision = reading.revision
    return {
        "id": reading.pk,
        "state": reading.state,
        "reader": reading.reader and reading.reader.username,
        "article": revision.article_id,
        "codebook": reading.codebook.number,
        "nothing_found": reading.nothing_found,
        "comment": comment or None,
        "version": reading.version,
        "revision": {
            "id": revision.pk,
            "number": revision.number,
            "sha256": revision.sha256,
            "length": revision.length,
        },
    }


def present_opened(reading: Reading, comment: str, zones: Sequence[Zone]) -> dict[str, Any]:
    """A reading as OpenedReadingOut says."""
    shown = present_reading(reading, comment)
    shown["revision"]["text"] = reading.revision.text
    shown["revision"]["zones"] = [
        {"kind": zone.kind, "start": zone.start, "end": zone.end, "is_codable": zone.is_codable} for zone in zones
    ]
    return shown


# --- Verifying -----------------------------------------------------------------------------------


class VerifiedSpanIn(SpanIn):
    """A span to hold against the text."""

    exact = serializers.CharField(trim_whitespace=False)


class VerificationIn(serializers.Serializer[Any]):
    """Spans to hold against the text, at most a thousand."""

    spans = VerifiedSpanIn(many=True)


class BoundsOut(serializers.Serializer[Any]):
    """A stretch of the text in one unit."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class VerifiedSpanOut(serializers.Serializer[Any]):
    """Whether a span holds, and where it lies in every unit."""

    index = serializers.IntegerField(help_text="Its place in what was sent.")
    holds = serializers.BooleanField(help_text="Whether `text[start:end] == exact`.")
    problem = serializers.CharField(allow_null=True)
    code_points = BoundsOut(allow_null=True)
    utf16 = BoundsOut(allow_null=True)
    utf8 = BoundsOut(allow_null=True)


class VerificationOut(serializers.Serializer[Any]):
    """What became of each span."""

    revision = serializers.IntegerField()
    sha256 = serializers.CharField()
    length = serializers.IntegerField(help_text="Code points.")
    spans = VerifiedSpanOut(many=True)


# --- How each kind is given out and taken in -------------------------------------------------------


def present_mentions(mentions: Sequence[Outward]) -> list[dict[str, Any]]:
    """Mentions as MentionOut says."""
    return [
        {
            "id": one.public_id,
            "article": one.article,
            "actor": one.claim["actor"],
            "form": one.claim["form"],
            "certainty": one.claim["certainty"],
            "parts": one.parts,
            "version": one.version,
            "updated_at": one.updated_at,
        }
        for one in mentions
    ]


def _as_sent(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    return sent


@dataclass(frozen=True, kw_only=True)
class Face:
    """How a kind meets the API: what it is given out and taken in as; `unfold` turns what is sent into its fields."""

    kind: Kind
    out: type[serializers.Serializer[Any]]
    taken: type[serializers.Serializer[Any]]
    present: Callable[[Sequence[Outward]], list[dict[str, Any]]]
    unfold: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _as_sent


_faces: dict[str, Face] = {}


def register_face(face: Face) -> Face:
    """Make known how a kind meets the API; its room calls this once, where its part of the API is."""
    return _faces.setdefault(face.kind.name, face)


def face_of(kind: str) -> Face:
    """How the kind of that name meets the API."""
    return _faces[kind]


def all_faces() -> Iterator[Face]:
    """Every kind's."""
    return iter(_faces.values())


_linked: list[Callable[[Outward], dict[str, Any]]] = []


def register_linked_data(present: Callable[[Outward], dict[str, Any]]) -> None:
    """Make known how an annotation is given out as linked data; the room that knows the format calls this once."""
    _linked[:] = [present]


def present_linked(annotation: Outward) -> dict[str, Any]:
    """An annotation as JSON-LD."""
    return _linked[0](annotation)


def present(annotations: Sequence[Outward]) -> list[dict[str, Any]]:
    """Annotations of one kind as its Out serializer says."""
    return face_of(annotations[0].kind).present(annotations) if annotations else []


def present_working(annotations: Sequence[Outward], *, with_note: bool = True) -> list[dict[str, Any]]:
    """The same for those who work on them: with kind, reading and note."""
    return [
        {"kind": one.kind, "reading": one.reading_id, "note": one.claim["note"] if with_note else None} | shown
        for one, shown in zip(annotations, present(annotations), strict=True)
    ]
