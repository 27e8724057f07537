"""The daily mail: to whom, what it says, what it never says, and that nobody is mailed of the same twice."""

import pytest

from newsannot.review.actions import return_reading
from newsannot.review.discussing import write_comment
from newsannot.review.mailing import mail_digests
from newsannot.review.notices import read_everything
from newsannot.review.tasks import mail_daily_digests
from tests.factories import TEXT
from tests.review.disputing import Disputed, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Disputed:
    """Ana, who has a mail address, has one ruling and two comments unread."""
    found = disputed()
    found.ana.email = "ana@example.org"
    found.ana.save()
    found.rule()
    for _ in range(2):
        write_comment(about=found.record, body="A secret: “we will close the strait”.", by=found.eva)
    return found


def test_what_is_unread_is_mailed_by_article_without_any_words_of_it(case: Disputed, mailoutbox) -> None:
    return_reading(reading=case.anas, comment="Once more.", by=case.eva)
    assert mail_digests() == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ana@example.org"], "newsannot: 4 unread")
    assert [line for line in mail.body.splitlines() if line.startswith("- ")] == [
        "- 1 ruling on your reading: Minister warns neighbour",
        "- 2 comments: Minister warns neighbour",
        "- 1 reading returned to you: Minister warns neighbour",
    ]
    assert "/review/inbox/" in mail.body
    assert [line for line in TEXT.splitlines()[1:] if line and line in mail.body] == []
    assert ("secret" in mail.body, "Once more" in mail.body) == (False, False)


def test_nobody_is_mailed_of_the_same_twice(case: Disputed, mailoutbox) -> None:
    assert [mail_digests(), mail_digests()] == [1, 0]
    write_comment(about=case.record, body="And this.", by=case.eva)
    assert mail_digests() == 1
    assert mailoutbox[-1].subject == "newsannot: 1 unread"


@pytest.mark.parametrize(
    "change", [{"wants_digest": False}, {"email": ""}, {"is_active": False}], ids=["turned off", "no address", "gone"]
)
def test_who_wants_none_or_cannot_be_reached_is_not_mailed(case: Disputed, mailoutbox, change: dict) -> None:
    for name, value in change.items():
        setattr(case.ana, name, value)
    case.ana.save()
    assert (mail_digests(), mailoutbox) == (0, [])


def test_who_has_read_everything_is_not_mailed(case: Disputed, mailoutbox) -> None:
    read_everything(by=case.ana)
    assert (mail_digests(), mailoutbox) == (0, [])


def test_a_title_stays_on_its_line_and_is_not_endless(case: Disputed, mailoutbox) -> None:
    article = case.anas.revision.article
    article.title = f"Subject: x\nBcc: y {'long ' * 50}"
    article.save()
    mail_digests()
    (line, _) = [line for line in mailoutbox[0].body.splitlines() if line.startswith("- ")]
    assert line.startswith("- 1 ruling on your reading: Subject: x Bcc: y long")
    assert len(line.split(": ", 1)[1]) == 120


@pytest.mark.parametrize(("is_sent", "count"), [(False, 0), (True, 1)])
def test_the_worker_mails_only_where_mail_is_configured(
    case: Disputed, mailoutbox, settings, is_sent: bool, count: int
) -> None:
    settings.IS_MAIL_SENT = is_sent
    mail_daily_digests(timestamp=0)
    assert len(mailoutbox) == count
