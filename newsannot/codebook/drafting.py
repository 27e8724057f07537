"""Every write of editors and analysts to the codebook: drafts and their edits, versions put in force, proposals."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.codebook.models import (
    Became,
    Code,
    CodebookVersion,
    Draft,
    Edit,
    Guideline,
    Proposal,
    Scheme,
    SchemeVersion,
)
from newsannot.codebook.queries import edits_of, entries_of, terms_of
from newsannot.codebook.revising import UNPRINTED, EditSaid, Revised, differences, revise, sort_among
from newsannot.codebook.rules import CodeEntry
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action

LONGEST_REASON = 2000
LONGEST_GUIDELINE = 200_000
LONGEST_TITLE = 160


def lock_codebooks() -> None:
    """Let nobody else make a version until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE codebook_codebookversion IN SHARE ROW EXCLUSIVE MODE")


def words_of(value: str, *, field: str, longest: int, wanted: str = "") -> str:
    """Somebody's words without the space around them; raises RuleBroken when they are missing, too long or no text."""
    value = value.replace("\r\n", "\n").strip()
    if wanted and not value:
        raise RuleBroken(wanted, field=field)
    if len(value) > longest:
        raise RuleBroken(f"At most {longest:,} characters.", field=field)
    if UNPRINTED.search(value):
        raise RuleBroken("This holds a character that cannot be stored.", field=field)
    return value


# --- Drafts ---------------------------------------------------------------------------------------


@action
def open_draft(*, scheme: Scheme, by: User) -> Draft:
    """The open draft of a scheme, begun from its newest version if there is none."""
    locked = Scheme.objects.select_for_update().get(pk=scheme.pk)
    standing = Draft.objects.filter(scheme=locked, closed_at=None).first()
    if standing:
        return standing
    base = locked.versions.last()
    if base is None:
        raise RuleBroken("This list was never loaded.", field="scheme")
    return Draft.objects.create(scheme=locked, base=base, by=by)


def _locked(draft: Draft, version: int) -> Draft:
    """An open draft under lock; raises Stale when it moved on since `version`, RuleBroken when it is closed."""
    locked = Draft.objects.select_for_update(of=("self",)).select_related("scheme", "base").get(pk=draft.pk)
    if locked.closed_at:
        deed = f"put in force as version {locked.result.number}" if locked.result else "discarded"
        raise RuleBroken(f"This draft was {deed} meanwhile.", field="draft")
    if locked.version != version:
        raise Stale(locked)
    return locked


def _number_on(draft: Draft) -> Draft:
    draft.version += 1
    draft.save(update_fields=["version"])
    return draft


def revised(draft: Draft, edits: Iterable[EditSaid]) -> Revised:
    """What the version a draft was begun from becomes by edits; raises RuleBroken when one cannot be made."""
    base = entries_of(draft.base_id)
    return revise(base, edits, terms_of(draft.scheme, base))


@action
def add_edit(*, draft: Draft, version: int, said: EditSaid, by: User) -> Edit:
    """Add an edit to a draft of that version; raises Stale, or RuleBroken naming every field that does not hold."""
    locked = _locked(draft, version)
    revised(locked, [*edits_of(locked), said])
    _number_on(locked)
    return Edit.objects.create(draft=locked, sort=said.sort, codes=list(said.codes), says=list(said.says), by=by)


@action
def take_back_edit(*, edit: Edit, version: int, by: User) -> Draft:
    """Take an edit out of its draft; refused when a later one rests on it."""
    locked = _locked(edit.draft, version)
    rest = list(locked.edits.exclude(pk=edit.pk))
    if len(rest) == locked.edits.count():
        raise RuleBroken("This edit was taken back already.", field="edit")
    try:
        revised(locked, [EditSaid(one.sort, tuple(one.codes), tuple(one.says)) for one in rest])
    except RuleBroken as refusal:
        raise RuleBroken(f"A later edit rests on this one; take that back first. ({refusal})", field="edit") from None
    Edit.objects.filter(pk=edit.pk).delete()
    return _number_on(locked)


@action
def discard_draft(*, draft: Draft, version: int, by: User) -> Draft:
    """Close a draft without a version of it; its edits stay on record."""
    locked = _locked(draft, version)
    locked.closed_at = timezone.now()
    locked.save(update_fields=["closed_at"])
    return locked


@action
def put_in_force(*, draft: Draft, version: int, reason: str, by: User) -> CodebookVersion:
    """Make a draft the newest version of its scheme, as a whole, and a codebook of it and all other schemes.

    No annotation changes by it: what became of each code is kept beside. Raises Stale when the draft moved on,
    RuleBroken when there is no reason (field `reason`), nothing in it, or the list has a newer version than its base.
    """
    reason = words_of(reason, field="reason", longest=LONGEST_REASON, wanted="Say why, for those who coded before.")
    lock_codebooks()
    locked = _locked(draft, version)
    newest = locked.scheme.versions.last()
    if newest is None or newest.pk != locked.base_id:
        raise RuleBroken(
            "A newer version of this list was loaded since the draft was begun; begin anew.", field="draft"
        )
    base = entries_of(locked.base_id)
    made = revised(locked, edits_of(locked))
    if not differences(base, made.entries, made.became):
        raise RuleBroken("Nothing would differ from the version in force.", field="draft")
    result = _store_version(locked, newest, made, base)
    locked.closed_at, locked.result = timezone.now(), result
    locked.save(update_fields=["closed_at", "result"])
    return make_codebook(reason=reason, by=by)


def _store_version(draft: Draft, base: SchemeVersion, made: Revised, was: Sequence[CodeEntry]) -> SchemeVersion:
    version = next_version(base, made.entries)
    in_use = {one.code: one for one in was if not one.retired_in}
    Became.objects.bulk_create(
        Became(scheme_version=version, sort=sort_among(old, made.became, in_use), old=old, new=new)
        for old, now in made.became.items()
        for new in (now or ("",))
    )
    return version


def next_version(base: SchemeVersion, entries: Iterable[CodeEntry], **changes: str) -> SchemeVersion:
    """The version of a list after another one, made here, with its codes; the same but for some changes."""
    same = {one: getattr(base, one) for one in ("name", "version", "source", "licence", "description")}
    version = SchemeVersion.objects.create(scheme_id=base.scheme_id, number=base.number + 1, **same | changes)
    store_codes(version, entries)
    return version


def store_codes(version: SchemeVersion, entries: Iterable[CodeEntry]) -> None:
    """Store the codes of a new version, in their order."""
    Code.objects.bulk_create(
        Code(
            scheme_version=version,
            code=entry.code,
            label=entry.label,
            definition=entry.definition,
            example=entry.example,
            parent=entry.parent,
            retired_in=str(version.number) if entry.retired_in == "draft" else entry.retired_in,
            extra=dict(entry.extra),
            position=position,
        )
        for position, entry in enumerate(entries)
    )


def make_codebook(*, reason: str = "", by: User | None) -> CodebookVersion:
    """A codebook of the newest version of every scheme. Call it under the lock."""
    newest = CodebookVersion.objects.first()
    codebook = CodebookVersion.objects.create(number=newest.number + 1 if newest else 1, reason=reason, by=by)
    codebook.schemes.set(SchemeVersion.objects.order_by("scheme_id", "-number").distinct("scheme_id"))
    return codebook


# --- Guidelines -----------------------------------------------------------------------------------


@action
def write_guideline(*, key: str, base: int, title: str, text: str, reason: str, by: User) -> Guideline:
    """Put a chapter's new wording in force beside the old one; one that was withdrawn is read again.

    `base` is the number it was written on. Raises Stale when a newer one was put in force since, RuleBroken naming the
    field when something is missing, too long, or says nothing new. Locks the codebooks.
    """
    title = words_of(title, field="title", longest=LONGEST_TITLE, wanted="A chapter needs a title.")
    text = words_of(text, field="text", longest=LONGEST_GUIDELINE, wanted="A chapter needs a text.") + "\n"
    reason = words_of(reason, field="reason", longest=LONGEST_REASON, wanted="Say why, for those who read it before.")
    lock_codebooks()
    newest = Guideline.objects.filter(key=key).order_by("number").last()
    if newest is None:
        raise RuleBroken("There is no such chapter.", field="guideline")
    if newest.number != base:
        raise Stale(newest)
    if (newest.title, newest.text) == (title, text) and not newest.is_withdrawn:
        raise RuleBroken("This says what is in force already.", field="text")
    return Guideline.objects.create(
        key=key, number=base + 1, title=title, text=text, position=newest.position, reason=reason, by=by
    )


# --- Proposals ------------------------------------------------------------------------------------


_hearers: list[Callable[[Proposal], None]] = []


def have_proposals_told(hearer: Callable[[Proposal], None]) -> None:
    """Let a room above hear of each proposal, within the transaction that makes it."""
    _hearers.append(hearer)


@action
def propose_change(*, scheme: Scheme | None, guideline: str, code: str, text: str, by: User) -> Proposal:
    """Ask the editors, who are told, to change a code, a list or a chapter."""
    text = words_of(text, field="text", longest=LONGEST_REASON, wanted="Say what should change, and why.")
    proposal = Proposal.objects.create(scheme=scheme, guideline=guideline, code=code, text=text, by=by)
    for hear in _hearers:
        hear(proposal)
    return proposal


@action
def decide_proposal(*, proposal: Proposal, is_accepted: bool, answer: str, by: User) -> Proposal:
    """Accept a proposal, for a scheme into its draft, or decline it with a reason; refused once it was decided."""
    wanted = "" if is_accepted else "Say why it is declined; its author reads it."
    answer = words_of(answer, field="answer", longest=LONGEST_REASON, wanted=wanted)
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=proposal.pk)
    if locked.state != Proposal.State.OPEN:
        raise RuleBroken(f"Another editor {locked.get_state_display().lower()} this meanwhile.", field="proposal")
    locked.state = Proposal.State.ACCEPTED if is_accepted else Proposal.State.DECLINED
    locked.answer, locked.decided_by, locked.decided_at = answer, by, timezone.now()
    locked.draft = open_draft(scheme=locked.scheme, by=by) if is_accepted and locked.scheme else None
    locked.save(update_fields=["state", "answer", "decided_by", "decided_at", "draft"])
    return locked
