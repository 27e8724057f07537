"""The kind `threat`, described."""

from newsannot.annotations.kinds import COMMON_FIELDS, ClaimField, Kind, LinkTable
from newsannot.annotations.rules import Problems, Record, Role
from newsannot.threats.models import Expression, HarmTarget, InfluenceTarget, Threat
from newsannot.threats.rules.proposing import propose

COMPELLENT = frozenset({"compellent", "both"})


def threat_problems(record: Record) -> Problems:
    """A compellent threat has a demand; a threat has a span or a statement; its primary statement is one of its own."""
    claim, problems = record.claim, Problems()
    if claim["purpose"] in COMPELLENT and not (claim["demand_kind"] or record.parts.get("demand")):
        problems["demand_kind"] = ["A compellent threat demands something: choose the kind of demand or mark it."]
    if not claim["statements"] and not any(record.parts.values()):
        problems["statements"] = ["Mark words of the threat in the text, or name a statement that expresses it."]
    if claim["primary_statement"] and claim["primary_statement"] not in claim["statements"]:
        problems["primary_statement"] = ["The primary statement must be one of the threat's statements."]
    return problems


def with_primary(record: Record) -> Record:
    """The record, its first statement leading where none does."""
    claim = record.claim
    if claim.get("primary_statement") or not isinstance(claim.get("statements"), list) or not claim["statements"]:
        return record
    return Record({**claim, "primary_statement": claim["statements"][0]}, record.parts)


EXPRESSIONS = LinkTable(model=Expression, owner="threat", target="statement")

THREAT = Kind(
    name="threat",
    label="Threat",
    plural="Threats",
    key="T",
    model=Threat,
    role="reference",
    roles=(
        Role("reference", "Reference", help="Words that refer to the threat: “Putin's threat”."),
        Role("condition", "Condition", help="If, unless, until …: what sets it off."),
        Role("demand", "Demand", help="What is to be done or undone."),
        Role("consequence", "Consequence", help="What is threatened."),
        Role("deadline", "Deadline", help="By when."),
    ),
    fields=(
        ClaimField(name="issuer", sort="actor", label="Issuer", is_wanted=True),
        ClaimField(name="on_behalf_of", sort="actor", label="On behalf of"),
        ClaimField(
            name="harm_targets",
            sort="actors",
            label="Who would be hit",
            is_wanted=True,
            links=LinkTable(model=HarmTarget, owner="threat", target="actor"),
        ),
        ClaimField(
            name="influence_targets",
            sort="actors",
            label="Whose decision it is to shape",
            links=LinkTable(model=InfluenceTarget, owner="threat", target="actor"),
        ),
        ClaimField(
            name="purpose",
            sort="code",
            label="Purpose",
            scheme="threat-purpose",
            is_wanted=True,
            is_explained=True,
        ),
        ClaimField(name="consequence", sort="code", label="Consequence", scheme="threat-consequence", is_wanted=True),
        ClaimField(name="condition_kind", sort="code", label="Condition", scheme="condition-kind"),
        ClaimField(name="demand_kind", sort="code", label="Demand", scheme="demand-kind"),
        ClaimField(name="deadline", sort="date", label="Deadline", max_length=40, help="A date: 2025-09-05, 2025-09."),
        ClaimField(name="explicitness", sort="code", label="Explicitness", scheme="explicitness"),
        ClaimField(name="nuclear_signal", sort="code", label="Nuclear signal", scheme="nuclear-signal"),
        ClaimField(name="statements", sort="records", of="statement", label="Expressed by", links=EXPRESSIONS),
        ClaimField(
            name="primary_statement", sort="primary", of="statement", label="Primary statement", links=EXPRESSIONS
        ),
        ClaimField(name="plover_mode", sort="code", label="PLOVER mode", scheme="plover-mode"),
        ClaimField(name="plover_contexts", sort="codes", label="PLOVER contexts", scheme="plover-context"),
        ClaimField(name="cameo", sort="code", label="CAMEO", scheme="cameo"),
        ClaimField(name="mid_action", sort="code", label="MID action", scheme="mid"),
        ClaimField(
            name="credibility",
            sort="code",
            label="Credibility of the claim",
            scheme="admiralty-credibility",
            help="Of what is claimed, this once; rated apart from the source's reliability.",
            is_scale=True,
        ),
        *COMMON_FIELDS,
    ),
    problems=threat_problems,
    settled=with_primary,
    proposals=propose,
)
