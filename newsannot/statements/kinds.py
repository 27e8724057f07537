"""The kind `statement`, described."""

from newsannot.annotations.kinds import COMMON_FIELDS, ClaimField, Kind, LinkTable
from newsannot.annotations.rules import Problems, Record, Role
from newsannot.statements.models import Addressee, Basis, Statement


def statement_problems(record: Record) -> Problems:
    """A date needs its basis."""
    if record.claim["said_on"] and not record.claim["said_on_basis"]:
        return {"said_on_basis": ["Say where the date comes from: the text, or outside knowledge."]}
    return {}


STATEMENT = Kind(
    name="statement",
    label="Statement",
    plural="Statements",
    key="S",
    model=Statement,
    role="content",
    roles=(
        Role("source", "Source", most=1, is_exclusive=True, help="The words that name the speaker."),
        Role("cue", "Cue", most=1, is_exclusive=True, help="The words that report: said, warned, according to."),
        Role(
            "content",
            "Content",
            least=1,
            is_exclusive=True,
            help="What is said, with its quotation marks. A quotation split by its cue is two pieces of one statement.",
        ),
    ),
    fields=(
        ClaimField(name="speaker", sort="actor", label="Speaker", is_wanted=True, named_by="source"),
        ClaimField(name="on_behalf_of", sort="actor", label="On behalf of"),
        ClaimField(
            name="addressees",
            sort="actors",
            label="Addressees",
            links=LinkTable(model=Addressee, owner="statement", target="actor"),
        ),
        ClaimField(name="mode", sort="code", label="Quotation", scheme="quotation-mode", is_wanted=True),
        ClaimField(name="speech_act", sort="code", label="Speech act", scheme="speech-act"),
        ClaimField(name="attribution_type", sort="code", label="Attribution", scheme="attribution-type"),
        ClaimField(
            name="parent",
            sort="record",
            of="statement",
            label="Reported within",
            help="The statement that reports this one: “Reuters quoted a spokesman as saying …”.",
        ),
        ClaimField(name="negated", sort="flag", label="Denied: they are said not to have said it"),
        ClaimField(name="venue", sort="words", label="Venue", max_length=200),
        ClaimField(
            name="said_on", sort="date", label="Said on", max_length=40, help="A date: 2025-09-05, 2025-09, 2025?."
        ),
        ClaimField(name="said_on_basis", sort="choice", label="Date taken from", choices=dict(Basis.choices)),
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
    problems=statement_problems,
)
