"""Chapters of the guidelines, and code lists, as a whole: new ones, their order, and chapters taken out.

Nothing is rewritten: each change is the next version of what it changes, with who made it and why.
"""

from django.utils.text import slugify

from newsannot.accounts.models import User
from newsannot.codebook.drafting import (
    LONGEST_GUIDELINE,
    LONGEST_REASON,
    LONGEST_TITLE,
    lock_codebooks,
    make_codebook,
    next_version,
    store_codes,
    words_of,
)
from newsannot.codebook.models import CodebookVersion, Draft, Guideline, Scheme, SchemeVersion
from newsannot.codebook.queries import current_guidelines, entries_of
from newsannot.codebook.revising import EditSaid, Terms, revise
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action

LONGEST_KEY = 40
LONGEST_NAME = 120
TAKEN = frozenset({"new"})
"""What stands for something else where an address has a key."""


def _key_of(title: str, *, field: str, what: str) -> str:
    """The key that a title makes; raises RuleBroken when it makes none."""
    key = slugify(title.partition(":")[0])[:LONGEST_KEY].strip("-")
    if not key or key in TAKEN:
        raise RuleBroken(f"Begin the {field} with a word in Latin letters: the {what} is known by it.", field=field)
    return key


@action
def add_chapter(*, title: str, text: str, reason: str, by: User) -> Guideline:
    """Put a new chapter in force, behind the others.

    Raises RuleBroken naming the field when something is missing, too long, or there is, or was, a chapter of that name.
    Locks the codebooks.
    """
    title = words_of(title, field="title", longest=LONGEST_TITLE, wanted="A chapter needs a title.")
    text = words_of(text, field="text", longest=LONGEST_GUIDELINE, wanted="A chapter needs a text.") + "\n"
    reason = words_of(reason, field="reason", longest=LONGEST_REASON)
    key = _key_of(title, field="title", what="chapter")
    lock_codebooks()
    if Guideline.objects.filter(key=key).exists():
        raise RuleBroken(f"There is, or was, a chapter “{key}”; write that anew.", field="title")
    last = Guideline.objects.order_by("-position").values_list("position", flat=True).first()
    position = 0 if last is None else last + 1
    return Guideline.objects.create(key=key, number=1, title=title, text=text, position=position, reason=reason, by=by)


@action
def withdraw_chapter(*, key: str, base: int, reason: str, by: User) -> Guideline:
    """Take a chapter out of the guidelines; its wordings stay on record, and writing it anew brings it back.

    Raises Stale when a newer version than `base` is in force, RuleBroken without a reason, and for one that is out.
    """
    reason = words_of(reason, field="withdrawal", longest=LONGEST_REASON, wanted="Say why, for those who read it.")
    lock_codebooks()
    standing = Guideline.objects.filter(key=key).order_by("number").last()
    if standing is None or standing.is_withdrawn:
        raise RuleBroken("This chapter is not in force.", field="withdrawal")
    if standing.number != base:
        raise Stale(standing)
    return _next(standing, by=by, reason=reason, is_withdrawn=True)


@action
def move_chapter(*, key: str, is_up: bool, by: User) -> list[Guideline]:
    """Let a chapter change places with the one before it, or the one after; answers the new versions.

    Raises RuleBroken when it stands at that end, or is not in force. Locks the codebooks.
    """
    lock_codebooks()
    keys = [chapter.key for chapter in current_guidelines()]
    if key not in keys:
        raise RuleBroken("This chapter is not in force.", field="chapter")
    at = keys.index(key)
    to = at - 1 if is_up else at + 1
    if not 0 <= to < len(keys):
        raise RuleBroken(f"It is the {'first' if is_up else 'last'} already.", field="chapter")
    keys[at], keys[to] = keys[to], keys[at]
    rows = Guideline.objects.filter(key__in=keys).order_by("key", "-number").distinct("key")
    newest = {row.key: row for row in rows}
    held = sorted(row.position for row in newest.values())
    places = held if len(set(held)) == len(held) else range(len(held))
    moved = [(newest[one], place) for one, place in zip(keys, places, strict=True) if newest[one].position != place]
    reason = f"Moved {'up' if is_up else 'down'}: {newest[key].title}"[:LONGEST_REASON]
    return [_next(row, by=by, reason=reason, position=place) for row, place in moved]


def _next(standing: Guideline, *, by: User, reason: str, **changes: object) -> Guideline:
    """The next version of a chapter, the same but for some changes."""
    same = {name: getattr(standing, name) for name in ("key", "title", "text", "position", "is_withdrawn")}
    return Guideline.objects.create(**same | changes, number=standing.number + 1, reason=reason, by=by)


@action
def add_list(*, name: str, description: str, first: dict[str, str], reason: str, by: User) -> CodebookVersion:
    """Put a new code list in force with its first code (`code`, `label`, `definition`); more are added by its draft.

    No reading changes by it. Raises RuleBroken naming each field that does not hold. Locks the codebooks.
    """
    name = words_of(name, field="name", longest=LONGEST_NAME, wanted="A list needs a name.")
    description = words_of(description, field="description", longest=LONGEST_REASON)
    reason = words_of(reason, field="reason", longest=LONGEST_REASON, wanted="Say what it is for.")
    key = _key_of(name, field="name", what="list")
    made = revise((), [EditSaid("add", (), (first,))], Terms())
    lock_codebooks()
    if Scheme.objects.filter(key=key).exists():
        raise RuleBroken(f"There is a list “{key}” already.", field="name")
    scheme = Scheme.objects.create(key=key, name=name)
    version = SchemeVersion.objects.create(scheme=scheme, number=1, name=name, version="1", description=description)
    store_codes(version, made.entries)
    return make_codebook(reason=reason, by=by)


@action
def rename_list(*, scheme: Scheme, base: int, name: str, description: str, reason: str, by: User) -> CodebookVersion:
    """Put a list's next version in force, with another name or description and the same codes; its key stays.

    `base` is the number of the version that was looked at. A draft of it goes on from the new version. Raises Stale
    when a newer one is in force, RuleBroken naming each field that does not hold. Locks the codebooks.
    """
    name = words_of(name, field="name", longest=LONGEST_NAME, wanted="A list needs a name.")
    description = words_of(description, field="description", longest=LONGEST_REASON)
    reason = words_of(reason, field="reason", longest=LONGEST_REASON, wanted="Say why, for those who know it so.")
    lock_codebooks()
    newest = scheme.versions.last()
    if newest is None:
        raise RuleBroken("This list was never loaded.", field="name")
    if newest.number != base:
        raise Stale(newest)
    if (newest.name, newest.description) == (name, description):
        raise RuleBroken("It is called and described so already.", field="name")
    if Scheme.objects.exclude(pk=scheme.pk).filter(name__iexact=name).exists():
        raise RuleBroken("Another list is called so.", field="name")
    made = next_version(newest, entries_of(newest.pk), name=name, description=description)
    Scheme.objects.filter(pk=scheme.pk).update(name=name)
    Draft.objects.filter(scheme=scheme, closed_at=None).update(base=made)
    return make_codebook(reason=reason, by=by)
