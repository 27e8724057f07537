"""What another tool calls things, counted, and how that is mapped onto ours: as a file or a form gives it. Pure.

A mapping is JSON: `labels`, `relations` and `attributes` lead from text to text, `values` from one of our fields to
such a map. What a file says of itself in our words needs none.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from newsannot.dataset.formats.form import Shapes
from newsannot.dataset.formats.graph import PART, RECORDS, Glossary, Graph, ours

MOST_NAMES = 300
MOST_VALUES = 60
"""How many names, or values of one attribute, are told of: those that occur most often."""
LONGEST_NAME = 200
PLAIN = ("labels", "relations", "attributes")
_OWN_ATTRIBUTE = "id"


def glossary_from(mapping: Any) -> Glossary:
    """What a mapping says; raises ValueError, with words for people, where it is none."""
    empty: dict[str, Any] = {**{name: {} for name in PLAIN}, "values": {}}
    if not isinstance(mapping, dict) or mapping.keys() - empty.keys():
        raise ValueError(f"A mapping has {', '.join(empty)} and nothing else.")
    told = empty | mapping
    maps = [told[name] for name in PLAIN]
    maps += told["values"].values() if isinstance(told["values"], dict) else [None]
    if not all(isinstance(one, dict) and all(isinstance(v, str) for v in one.values()) for one in maps):
        raise ValueError("A mapping leads from text to text.")
    return Glossary(told["labels"], told["relations"], told["attributes"], told["values"])


@dataclass
class Foreign:
    """How often each label, relation, attribute and value occurs in graphs."""

    labels: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    attributes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, graph: Graph) -> None:
        """Count what a text's graph holds."""
        for node in graph.nodes:
            self.labels[node.label] += 1
            for name, texts in node.attributes.items():
                if name != _OWN_ATTRIBUTE:
                    self.attributes[name].update(texts)
        self.relations.update(edge.label for edge in graph.edges)

    def as_json(self) -> dict[str, Any]:
        """The most frequent names with their counts, as JSON."""
        return {
            "labels": _most(self.labels, MOST_NAMES),
            "relations": _most(self.relations, MOST_NAMES),
            "attributes": {
                name: _most(self.attributes[name], MOST_VALUES)
                for name in _most(Counter({name: sum(c.values()) for name, c in self.attributes.items()}), MOST_NAMES)
            },
        }


def _most(counted: Counter[str], most: int) -> dict[str, int]:
    return {name: count for name, count in counted.most_common(most) if len(name) <= LONGEST_NAME}


def label_meant(label: str, shapes: Shapes) -> str:
    """The `kind.role` that a label of this spelling is taken for, or nothing."""
    kind, _, role = ours(label).partition(".")
    shape = shapes.get(kind)
    role = role or (shape.main_role if shape else "")
    return f"{kind}.{role}" if shape and role in shape.roles else ""


def relation_meant(label: str, shapes: Shapes) -> str:
    """The field, or `part`, that a relation of this spelling is taken for, or nothing."""
    name = label.strip().lower().replace("-", "_")
    if name == PART or any(name in shape.roles for shape in shapes.values()):
        return PART
    return name if name in link_fields(shapes) else ""


def attribute_meant(name: str, shapes: Shapes) -> str:
    """The field that an attribute of this spelling is taken for, or nothing."""
    return name.lower() if name.lower() in plain_fields(shapes) else ""


def link_fields(shapes: Shapes) -> list[str]:
    """The fields by which records name each other."""
    return _fields(shapes, are_links=True)


def plain_fields(shapes: Shapes) -> list[str]:
    """The fields that say something by themselves."""
    return _fields(shapes, are_links=False)


def _fields(shapes: Shapes, *, are_links: bool) -> list[str]:
    found = [name for s in shapes.values() for name, sort in s.fields.items() if (sort in RECORDS) == are_links]
    return sorted(set(found))
