"""All measures of one text, and of many: per kind, role and field, for each pair of coders and for all of them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import add

from newsannot.review.agreement.confusion import ABSENT, Pairs, cohen_kappa, confusion, count_pairs
from newsannot.review.agreement.measures import EVERYBODY, Group, Subject
from newsannot.review.agreement.nominal import ValueCount, alpha, count_labels, count_values, fleiss_kappa
from newsannot.review.agreement.resampling import Figure
from newsannot.review.agreement.spans import SpanCount, Unit, count_exact, count_overlapping, span_f1
from newsannot.review.agreement.tokens import Tokens, layered, tokens_of
from newsannot.review.agreement.unitizing import UnitCount, alpha_u, count_units, flattened


@dataclass(frozen=True, slots=True)
class CodedItem:
    """One thing that coders told of: for each coder who did, the value of each field (“” where left open)."""

    kind: str
    values: Mapping[int, Mapping[str, Hashable]]


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text as its coders left it: `spans` are for each coder the stretches by kind and role."""

    text: str
    spans: Mapping[int, Mapping[tuple[str, str], Sequence[Unit]]]
    items: Sequence[CodedItem]


@dataclass(frozen=True, slots=True)
class KindShape:
    """What is compared of a kind: its roles and its fields, by name."""

    kind: str
    roles: Sequence[str]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class TextCount:
    """What one text adds to the figures of one group; kept until a reading of the text changes."""

    records: Mapping[Subject, SpanCount]
    exact: Mapping[Subject, SpanCount]
    overlapping: Mapping[Subject, SpanCount]
    tokens: Mapping[Subject, ValueCount]
    units: Mapping[Subject, UnitCount]
    values: Mapping[Subject, ValueCount]
    pairs: Mapping[Subject, Pairs]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: of which coders (EVERYBODY or a pair), of what, by which measure, over how many texts."""

    group: Group
    subject: Subject
    measure: str
    figure: Figure
    texts: int


# --- One text --------------------------------------------------------------------------------


def count_text(coded: CodedText, shapes: Iterable[KindShape]) -> dict[Group, TextCount]:
    """What a text adds: for each pair of its coders, and for EVERYBODY; nothing with fewer than two coders.

    Raises ValueError for a stretch that is empty, reversed or leaves the text.
    """
    coders = tuple(sorted(coded.spans))
    if len(coders) < 2:
        return {}
    shapes = tuple(shapes)
    layers = _Layers.of(coded, coders, shapes)
    pairs: dict[Group, TextCount] = {pair: _of_pair(coded, pair, layers, shapes) for pair in combinations(coders, 2)}
    if len(coders) == 2:
        return {EVERYBODY: pairs[coders], **pairs}
    return {EVERYBODY: _of_all(coded, coders, layers, shapes, tuple(pairs.values())), **pairs}


@dataclass(frozen=True, slots=True)
class _Layers:
    """Of each subject, what does not depend on the group: labels of tokens and units, by coder."""

    length: int
    rows: Mapping[int, int]
    labels: Mapping[Subject, Tokens]
    units: Mapping[Subject, Sequence[Sequence[Unit]]]

    @classmethod
    def of(cls, coded: CodedText, coders: Group, shapes: Iterable[KindShape]) -> "_Layers":
        tokens, length = tokens_of(coded.text), len(coded.text)
        labels, units = {}, {}
        for shape in shapes:
            stretches = [[coded.spans[coder].get((shape.kind, role), ()) for role in shape.roles] for coder in coders]
            labels[Subject(shape.kind)] = whole = layered(tokens, stretches)
            for at, role in enumerate(shape.roles):
                subject = Subject(shape.kind, role)
                labels[subject] = (whole >> at) & 1
                units[subject] = [flattened(roles[at], length) for roles in stretches]
        return cls(length, {coder: row for row, coder in enumerate(coders)}, labels, units)

    def tokens_of(self, group: Group) -> dict[Subject, ValueCount]:
        rows = [self.rows[coder] for coder in group]
        return {subject: count_labels(labels[rows]) for subject, labels in self.labels.items()}

    def units_of(self, group: Group) -> dict[Subject, UnitCount]:
        rows = [self.rows[coder] for coder in group]
        return {subject: count_units(self.length, [units[at] for at in rows]) for subject, units in self.units.items()}


def _of_pair(coded: CodedText, pair: Group, layers: _Layers, shapes: Sequence[KindShape]) -> TextCount:
    first, second = pair
    exact, overlapping = {}, {}
    for shape in shapes:
        for role in shape.roles:
            one, other = (coded.spans[coder].get((shape.kind, role), ()) for coder in (first, second))
            exact[Subject(shape.kind, role)] = count_exact(one, other)
            overlapping[Subject(shape.kind, role)] = count_overlapping(one, other)
    return TextCount(
        records={Subject(shape.kind): _records(coded.items, shape.kind, first, second) for shape in shapes},
        exact=exact,
        overlapping=overlapping,
        tokens=layers.tokens_of(pair),
        units=layers.units_of(pair),
        values=_values(coded.items, pair, shapes),
        pairs=_pairs(coded.items, first, second, shapes),
    )


def _of_all(
    coded: CodedText, coders: Group, layers: _Layers, shapes: Sequence[KindShape], pairs: Sequence[TextCount]
) -> TextCount:
    """All coders of a text; what is counted of two is summed over the pairs."""
    return TextCount(
        records={subject: reduce(add, (one.records[subject] for one in pairs)) for subject in pairs[0].records},
        exact={subject: reduce(add, (one.exact[subject] for one in pairs)) for subject in pairs[0].exact},
        overlapping={s: reduce(add, (one.overlapping[s] for one in pairs)) for s in pairs[0].overlapping},
        tokens=layers.tokens_of(coders),
        units=layers.units_of(coders),
        values=_values(coded.items, coders, shapes),
        pairs={},
    )


def _records(items: Iterable[CodedItem], kind: str, first: int, second: int) -> SpanCount:
    """How many records of a kind the first and the second coder have, and how many tell of the same thing."""
    told = [(first in item.values, second in item.values) for item in items if item.kind == kind]
    return SpanCount(sum(a and b for a, b in told), sum(a for a, _ in told), sum(b for _, b in told))


def _values(items: Iterable[CodedItem], group: Group, shapes: Iterable[KindShape]) -> dict[Subject, ValueCount]:
    """Of each field, the values of those of the group who have the item."""
    given: dict[str, list[list[Mapping[str, Hashable]]]] = {}
    for item in items:
        claims = [item.values[coder] for coder in group if coder in item.values]
        if len(claims) > 1:
            given.setdefault(item.kind, []).append(claims)
    return {
        Subject(shape.kind, field=name): count_values(
            [[claim.get(name, "") for claim in claims] for claims in given.get(shape.kind, ())]
        )
        for shape in shapes
        for name in shape.fields
    }


def _pairs(items: Iterable[CodedItem], first: int, second: int, shapes: Iterable[KindShape]) -> dict[Subject, Pairs]:
    """Of each field, the value of the first against that of the second; ABSENT for who has not the item."""
    given: dict[str, list[tuple[Mapping[str, Hashable] | None, Mapping[str, Hashable] | None]]] = {}
    for item in items:
        given.setdefault(item.kind, []).append((item.values.get(first), item.values.get(second)))

    def value(claim: Mapping[str, Hashable] | None, name: str) -> Hashable:
        return ABSENT if claim is None else claim.get(name, "")

    return {
        Subject(shape.kind, field=name): count_pairs(
            (value(one, name), value(other, name)) for one, other in given.get(shape.kind, ())
        )
        for shape in shapes
        for name in shape.fields
    }


# --- Many texts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures over many texts, and for each pair and field which values stand against which."""

    texts: int
    rows: Sequence[Row]
    confusions: Mapping[tuple[Group, Subject], Pairs]


def agreement(texts: Sequence[Mapping[Group, TextCount]], shapes: Iterable[KindShape]) -> Agreement:
    """Merge what texts add to figures: EVERYBODY first, then the pairs; each group over the texts it read in common."""
    shapes, groups = tuple(shapes), dict[Group, list[TextCount]]()
    for text in texts:
        for group, count in text.items():
            groups.setdefault(group, []).append(count)
    rows = [row for group in sorted(groups) for row in _rows(group, groups[group], shapes)]
    tables = {
        (group, subject): table
        for group, counts in sorted(groups.items())
        for subject in (counts[0].pairs if group else ())
        if (table := confusion(count.pairs[subject] for count in counts))
    }
    return Agreement(len(groups.get(EVERYBODY, ())), rows, tables)


def against_others(texts: Iterable[Mapping[Group, TextCount]], shapes: Iterable[KindShape]) -> list[Row]:
    """How far each coder agrees with the others of the same texts, kind by kind; the group of a row is that coder."""
    shapes, found = tuple(shapes), dict[int, list[tuple[TextCount, ...]]]()
    for text in texts:
        for coder in sorted({coder for group in text for coder in group}):
            pairs = tuple(count for group, count in text.items() if coder in group)
            found.setdefault(coder, []).append(pairs)
    return [row for coder in sorted(found) for row in _against_others(coder, found[coder], shapes)]


def _against_others(coder: int, texts: Sequence[Sequence[TextCount]], shapes: Iterable[KindShape]) -> Iterable[Row]:
    for shape in shapes:
        whole, roles = Subject(shape.kind), [Subject(shape.kind, role) for role in shape.roles]
        found = {
            "records_f1": span_f1([reduce(add, (pair.records[whole] for pair in pairs)) for pairs in texts]),
            "exact_f1": span_f1([reduce(add, (p.exact[role] for p in pairs for role in roles)) for pairs in texts]),
            "overlap_f1": span_f1(
                [reduce(add, (pair.overlapping[role] for pair in pairs for role in roles)) for pairs in texts]
            ),
            "token_alpha": alpha([reduce(add, (pair.tokens[whole] for pair in pairs)) for pairs in texts]),
        }
        for measure, figure in found.items():
            yield Row((coder,), whole, measure, figure, len(texts))


def in_short(texts: Sequence[Mapping[Group, TextCount]], shapes: Iterable[KindShape]) -> list[Row]:
    """What of all coders is followed over time: for each kind the records found alike, and the tokens marked alike."""
    counts = [text[EVERYBODY] for text in texts if EVERYBODY in text]
    rows = []
    for whole in (Subject(shape.kind) for shape in shapes):
        rows.append(Row(EVERYBODY, whole, "records_f1", span_f1([one.records[whole] for one in counts]), len(counts)))
        rows.append(Row(EVERYBODY, whole, "token_alpha", alpha([one.tokens[whole] for one in counts]), len(counts)))
    return rows


def _rows(group: Group, counts: Sequence[TextCount], shapes: Iterable[KindShape]) -> Iterable[Row]:
    for shape in shapes:
        for subject, measure, figure in _figures(group, counts, shape):
            yield Row(group, subject, measure, figure, len(counts))


def _figures(group: Group, counts: Sequence[TextCount], shape: KindShape) -> Iterable[tuple[Subject, str, Figure]]:
    whole, roles = Subject(shape.kind), [Subject(shape.kind, role) for role in shape.roles]
    yield whole, "records_f1", span_f1([count.records[whole] for count in counts])
    for subject, among in [(whole, roles), *((role, [role]) for role in roles)]:
        yield subject, "exact_f1", span_f1([reduce(add, (count.exact[role] for role in among)) for count in counts])
        yield (
            subject,
            "overlap_f1",
            span_f1([reduce(add, (count.overlapping[role] for role in among)) for count in counts]),
        )
        yield subject, "token_alpha", alpha([count.tokens[subject] for count in counts])
        yield subject, "alpha_u", alpha_u(*([count.units[role] for count in counts] for role in among))
    for subject in (Subject(shape.kind, field=name) for name in shape.fields):
        values = [count.values[subject] for count in counts]
        yield subject, "alpha", alpha(values)
        if group == EVERYBODY:
            yield subject, "fleiss_kappa", fleiss_kappa(values)
        else:
            yield subject, "cohen_kappa", cohen_kappa([count.pairs[subject] for count in counts])
