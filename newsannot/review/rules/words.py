"""What a decision is answered with, in words."""


def accepted_in_words(corrected: int) -> str:
    """Said after accepting; `corrected` records stay as an editor corrected them before."""
    said = "Accepted. You can correct and publish it now."
    if not corrected:
        return said
    return f"{said} {_records(corrected)} corrected in the curated reading before; compare {_them(corrected)}."


def returned_in_words(to: str, taken: int, kept: int) -> str:
    """Said after returning; `taken` records left the curated reading, `kept` stay there."""
    said = [f"Returned to {to}."]
    if taken:
        said.append(f"{taken} record{'s' * (taken != 1)} left the curated reading.")
    if kept:
        said.append(f"{kept} stay{'s' * (kept == 1)} there: changed by an editor, or needed by what was.")
    return " ".join(said)


def merged_in_words(items: int, agreed: int, disputes: int) -> str:
    """Said after comparing: of `items` things, nothing is undecided in `agreed`; `disputes` questions are left."""
    said = f"{items} record{'s' * (items != 1)} compared."
    if not disputes:
        return f"{said} Nothing is undecided."
    return f"{said} {agreed} taken over; {disputes} question{'s' * (disputes != 1)} left for you."


def finished_in_words(accepted: int) -> str:
    """Said when an adjudication is finished and `accepted` readings with it."""
    return f"Finished: {accepted} reading{'s' * (accepted != 1)} accepted. You can publish now."


def _records(count: int) -> str:
    return "1 record stays as it was" if count == 1 else f"{count} records stay as they were"


def _them(count: int) -> str:
    return "it with this reading" if count == 1 else "them with this reading"
