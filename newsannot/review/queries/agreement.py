"""How far handed-in readings agree: from rows to the plain values that the measures take, text by text.

Loads numpy: import it only where figures are made.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.kinds import ClaimField, all_kinds, kind_named
from newsannot.articles.models import Revision, Zone
from newsannot.review.agreement.continuum import Continuum
from newsannot.review.agreement.gamma import Marked, mean_gamma
from newsannot.review.agreement.measures import EVERYBODY, Group, Subject
from newsannot.review.agreement.spans import Unit
from newsannot.review.agreement.texts import CodedItem, CodedText, KindShape, Row, TextCount, count_text
from newsannot.review.queries.comparable import Comparable, is_compared
from newsannot.review.queries.comparing import records_as_marked
from newsannot.review.rules.alignment import LINKS, Coded, Item, align, is_empty
from newsannot.review.rules.comparison import places_of

AT_ONCE = 50
"""How many texts are loaded together."""


def kind_shapes() -> list[KindShape]:
    """What is compared of each kind: all roles, and the fields that are chosen and tell of the text."""
    return [
        KindShape(kind.name, [role.name for role in kind.roles], [f.name for f in kind.fields if is_compared(f)])
        for kind in all_kinds()
    ]


def counted_texts(compared: Sequence[Comparable]) -> Iterator[dict[Group, TextCount]]:
    """What each text adds to the figures, in their order; coders are users' ids. A dozen queries for fifty texts."""
    shapes = kind_shapes()
    return (count_text(laid.coded, shapes) for laid in laid_out(compared))


def mean_gammas(compared: Sequence[Comparable]) -> list[Row]:
    """The mean γ of each kind over texts, its roles the categories; slow. Needs the extra, as `gamma` says."""
    marked = defaultdict[str, list[Marked]](list)
    for coded in (laid.coded for laid in laid_out(compared)):
        for shape in kind_shapes():
            marked[shape.kind].append(
                {
                    str(coder): {role: spans.get((shape.kind, role), ()) for role in shape.roles}
                    for coder, spans in coded.spans.items()
                }
            )
    return [Row(EVERYBODY, Subject(kind), "gamma", mean_gamma(texts), len(texts)) for kind, texts in marked.items()]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A text as its coders left it, users by id, and the records behind: `items` has each thing as `coded.items` has.

    In `coded` boilerplate is cut out of the text; the pieces of `items` are where they are in `text`. `actors` are
    those that the records name, each with the one it counts as, which is where merging led.
    """

    one: Comparable
    text: str
    items: Sequence[Item]
    coded: CodedText
    actors: Mapping[int, int]


def laid_out(compared: Sequence[Comparable]) -> Iterator[LaidOut]:
    """Each text as its coders left it, in their order."""
    for at in range(0, len(compared), AT_ONCE):
        yield from _laid_out(compared[at : at + AT_ONCE])


def _laid_out(compared: Sequence[Comparable]) -> Iterator[LaidOut]:
    marked = records_as_marked([reading for one in compared for reading in one.readings])
    named = defaultdict[int, set[int]](set)
    for coded in marked:
        named[coded.reading] |= kind_named(coded.kind).actors_in(coded.record)
    merged = where_merged_went({actor for of in named.values() for actor in of})
    records = defaultdict[int, list[Coded]](list)
    for coded in marked:
        followed = kind_named(coded.kind).followed(coded.record, merged)
        records[coded.reading].append(replace(coded, record=followed))
    revisions = {one.revision for one in compared}
    texts = dict(Revision.objects.filter(pk__in=revisions).values_list("pk", "text"))
    closed = defaultdict[int, list[Unit]](list)
    zones = Zone.objects.filter(revision__in=revisions, is_codable=False)
    for revision, start, end in zones.values_list("revision_id", "start", "end"):
        closed[revision].append((start, end))
    for one in compared:
        coders = {reading.pk: reading.reader_id or 0 for reading in one.readings}
        found = {coder: records[reading] for reading, coder in coders.items()}
        continuum = Continuum(texts[one.revision], closed[one.revision])
        items = align(coded for coded_by in found.values() for coded in coded_by)
        values = _Values(f"{one.revision}#", places_of(items))
        coded_text = CodedText(
            text=continuum.text,
            spans={coder: _spans(coded, continuum) for coder, coded in found.items()},
            items=[CodedItem(item.kind, values.of(item, coders)) for item in items],
        )
        of_text = {actor for reading in coders for actor in named[reading]}
        actors = {actor: merged.get(actor, actor) for actor in of_text}
        yield LaidOut(one, texts[one.revision], items, coded_text, actors)


def _spans(records: Sequence[Coded], continuum: Continuum) -> dict[tuple[str, str], Sequence[Unit]]:
    spans = defaultdict[tuple[str, str], list[Unit]](list)
    for coded in records:
        for role, pieces in coded.record.parts.items():
            spans[coded.kind, role] += [(piece.start, piece.end) for piece in pieces]
    return {layer: continuum.units(units) for layer, units in spans.items()}


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of one text's records as they are compared.

    A link is the item it leads to (named by `prefix` and its place). Lists are compared as a whole, in no order.
    """

    prefix: str
    place_of: Mapping[int, int]

    def of(self, item: Item, coders: Mapping[int, int]) -> dict[int, dict[str, Hashable]]:
        """By coder and field; what is left open is not there."""
        fields = [field for field in kind_named(item.kind).fields if is_compared(field)]
        return {coders[coded.reading]: self._claim(coded.record.claim, fields) for coded in item.members}

    def _claim(self, claim: Mapping[str, Any], fields: Sequence[ClaimField]) -> dict[str, Hashable]:
        said = ((field, claim.get(field.name)) for field in fields)
        return {field.name: self._value(field, value) for field, value in said if not is_empty(value)}

    def _value(self, field: ClaimField, value: Any) -> Hashable:
        if isinstance(value, list):
            return tuple(sorted({self._one(field, one) for one in value}))
        return self._one(field, value)

    def _one(self, field: ClaimField, value: Any) -> str:
        if field.name in LINKS:
            return f"{self.prefix}{self.place_of.get(value, value)}"
        return str(value)


def actor_names(ids: Collection[str]) -> dict[str, str]:
    """The name of each actor, by its id as a compared value."""
    return {str(pk): name for pk, name in Actor.objects.filter(pk__in=ids).values_list("pk", "name")}
