"""Whether spans that were given out, or made elsewhere, hold on a text: pure, on plain values."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from newsannot.articles.rules.offsets import Scale

Bounds: TypeAlias = dict[str, int]


def verify_spans(text: str, sha256: str, spans: Sequence[Any]) -> list[dict[str, Any]]:
    """For each span whether `text[start:end] == exact`; where it lies in the text, its offsets in all three units."""
    scales = {unit: Scale(text, unit) for unit in ("code_points", "utf16", "utf8")}
    found = []
    for index, span in enumerate(spans):
        problem = _shape_problem(span) or _place_problem(span, len(text))
        bounds = {unit: None if problem else _measured(scale, span) for unit, scale in scales.items()}
        problem = problem or _text_problem(span, text, sha256)
        found.append({"index": index, "holds": problem is None, "problem": problem, **bounds})
    return found


def _shape_problem(span: Any) -> str | None:
    if not isinstance(span, dict) or not isinstance(span.get("exact"), str):
        return 'A span is {"start": …, "end": …, "exact": …}.'
    if not all(type(span.get(name)) is int for name in ("start", "end")):
        return "start and end are whole numbers of code points."
    return None


def _place_problem(span: Mapping[str, Any], length: int) -> str | None:
    if span["start"] < 0 or span["end"] > length:
        return f"It leaves the text, which has {length} code points."
    return "It is empty or reversed." if span["start"] >= span["end"] else None


def _text_problem(span: Mapping[str, Any], text: str, sha256: str) -> str | None:
    if span.get("sha256", sha256) != sha256:
        return "It is of another text: its sha256 is not this revision's."
    return None if text[span["start"] : span["end"]] == span["exact"] else "Other words stand there."


def _measured(scale: Scale, span: Mapping[str, Any]) -> Bounds:
    return {"start": scale.from_code_points(span["start"]), "end": scale.from_code_points(span["end"])}
