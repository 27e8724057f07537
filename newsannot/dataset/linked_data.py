"""An annotation as the API gives it out to who asks for JSON-LD: a W3C Web Annotation."""

from typing import Any

from newsannot.annotations.outward import Outward
from newsannot.dataset.formats.w3c import CONTEXT, said, targeted


def web_annotation(one: Outward) -> dict[str, Any]:
    """A record with its fields and spans; what says nothing is left out, and so are notes."""
    article = one.article
    source = {
        "id": article["url"] or f"urn:newsannot:text:{article['sha256']}",
        "type": "Text",
        "title": article["title"],
        "newsannot:sha256": article["sha256"],
    }
    claim = {name: value for name, value in one.claim.items() if value not in (None, "", [], False) and name != "note"}
    targets = [targeted(source, role, span) for role, spans in one.parts.items() for span in spans] or [source]
    shown = said(str(one.public_id), one.kind, claim, targets)
    return {"@context": CONTEXT, **shown, "modified": one.updated_at}
