"""What the API gives out of annotations; what all kinds share, and mentions."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from rest_framework import serializers

from newsannot.actors.serializers import ActorNamedOut
from newsannot.annotations.kinds import MENTION
from newsannot.annotations.outward import Outward
from newsannot.articles.serializers import SourceNameOut
from newsannot.core.describing import page

Presenter: TypeAlias = Callable[[Sequence[Outward]], list[dict[str, Any]]]


class SpanOut(serializers.Serializer[Any]):
    """Evidence: `text[start:end] == exact`, in Unicode code points of the revision's canonical text."""

    start = serializers.IntegerField(help_text="0-based, in code points.")
    end = serializers.IntegerField(help_text="Exclusive.")
    exact = serializers.CharField()
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


MentionPage = page(MentionOut, "MentionPage")


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


_presenters: dict[str, Presenter] = {MENTION.name: present_mentions}


def register_presenter(kind: str, presenter: Presenter) -> None:
    """Make known how a kind is given out; its room calls this once, where its part of the API is."""
    _presenters[kind] = presenter


def present(annotations: Sequence[Outward]) -> list[dict[str, Any]]:
    """Annotations of one kind as its Out serializer says."""
    return _presenters[annotations[0].kind](annotations) if annotations else []


def present_working(annotations: Sequence[Outward]) -> list[dict[str, Any]]:
    """The same for those who work on them: with kind, reading and note."""
    return [
        {"kind": one.kind, "reading": one.reading_id, "note": one.claim["note"]} | shown
        for one, shown in zip(annotations, present(annotations), strict=True)
    ]
