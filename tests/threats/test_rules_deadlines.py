"""Deadlines in words, reckoned from the article's day; no database."""

from datetime import date

import pytest
from edtf import parse_edtf

from newsannot.threats.rules.deadlines import Due, deadline_in, has_time

DAY = date(2025, 9, 5)  # a Friday

CERTAIN = [
    ("en", "leave by 12 September", "2025-09-12", "12 September"),
    ("en", "leave by September 12th, 2025", "2025-09-12", "September 12th, 2025"),
    ("en", "before the 1st of March they must go", "2026-03-01", "1st of March"),
    ("en", "They have until noon on Sunday", "2025-09-07", "Sunday"),
    ("en", "within 48 hours", "2025-09-07~", "48 hours"),
    ("en", "within forty-eight hours", "2025-09-07~", "forty-eight hours"),
    ("en", "in the next two weeks", "2025-09-19~", "two weeks"),
    ("en", "within six months", "2026-03-05~", "six months"),
    ("en", "by tomorrow", "2025-09-06~", "tomorrow"),
    ("en", "by the end of the month", "2025-09", "end of the month"),
    ("en", "by the end of the year", "2025", "end of the year"),
    ("en", "by 2025-10-01", "2025-10-01", "2025-10-01"),
    ("ru", "до 12 сентября", "2025-09-12", "12 сентября"),
    ("ru", "не позднее 1 марта 2026 года", "2026-03-01", "1 марта 2026"),
    ("ru", "в течение 48 часов", "2025-09-07~", "48 часов"),
    ("ru", "в течение трёх дней", "2025-09-08~", "трёх дней"),
    ("ru", "до понедельника", "2025-09-08", "понедельника"),
    ("ru", "до конца месяца", "2025-09", "конца месяца"),
    ("uk", "до 12 вересня", "2025-09-12", "12 вересня"),
    ("uk", "протягом 48 годин", "2025-09-07~", "48 годин"),
    ("uk", "до понеділка", "2025-09-08", "понеділка"),
    ("ar", "قبل 12 سبتمبر", "2025-09-12", "12 سبتمبر"),
    ("ar", "قبل ١٢ أيلول", "2025-09-12", "١٢ أيلول"),
    ("ar", "خلال 48 ساعة", "2025-09-07~", "48 ساعة"),
    ("ar", "خلال يومين", "2025-09-07~", "يومين"),
    ("ar", "بحلول يوم الأحد", "2025-09-07", "الأحد"),
    ("fa", "تا ۱۲ سپتامبر", "2025-09-12", "۱۲ سپتامبر"),
    ("fa", "ظرف ۴۸ ساعت", "2025-09-07~", "۴۸ ساعت"),
    ("fa", "ظرف سه روز", "2025-09-08~", "سه روز"),
    ("fa", "تا یک‌شنبه", "2025-09-07", "یک‌شنبه"),
    ("zh", "9月12日之前撤军", "2025-09-12", "9月12日"),
    ("zh", "2026年三月一日前", "2026-03-01", "2026年三月一日"),
    ("zh", "十二月二十五日以前", "2025-12-25", "十二月二十五日"),
    ("zh", "48小时内", "2025-09-07~", "48小时"),
    ("zh", "三天之内", "2025-09-08~", "三天"),
    ("zh", "星期日之前", "2025-09-07", "星期日"),
    ("zh", "月底前", "2025-09", "月底"),
    ("he", "עד 12 בספטמבר", "2025-09-12", "12 בספטמבר"),
    ("he", "בתוך 48 שעות", "2025-09-07~", "48 שעות"),
    ("he", "בתוך ארבעים ושמונה שעות", "2025-09-07~", "ארבעים ושמונה שעות"),
    ("he", "תוך יומיים", "2025-09-07~", "יומיים"),
    ("he", "עד יום ראשון", "2025-09-07", "יום ראשון"),
    ("fr", "avant le 12 septembre", "2025-09-12", "12 septembre"),
    ("fr", "d’ici le 1er mars", "2026-03-01", "1er mars"),
    ("fr", "sous 48 heures", "2025-09-07~", "48 heures"),
    ("fr", "avant dimanche", "2025-09-07", "dimanche"),
    ("de", "bis zum 12. September", "2025-09-12", "12. September"),
    ("de", "binnen 48 Stunden", "2025-09-07~", "48 Stunden"),
    ("de", "innerhalb von sechs Monaten", "2026-03-05~", "sechs Monaten"),
    ("de", "bis Sonntag", "2025-09-07", "Sonntag"),
    ("de", "bis 01.10.2025", "2025-10-01", "01.10.2025"),
]


@pytest.mark.parametrize(("language", "text", "edtf", "words"), CERTAIN)
def test_a_certain_deadline_becomes_a_day(language: str, text: str, edtf: str, words: str) -> None:
    due = deadline_in(text, language, DAY)
    assert due is not None
    assert (due.edtf, due.words) == (edtf, words)
    parse_edtf(due.edtf)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "by Friday"),  # the article's own day, or a week on
        ("en", "by next Monday"),
        ("en", "by Monday next"),
        ("en", "by 31 June"),
        ("en", "by 20 August"),  # just past: of which year?
        ("en", "within 5 hours"),
        ("en", "within 99999 weeks"),
        ("en", "on 12 September they met"),
        ("en", "they met in Minsk three days"),
        ("ru", "до следующего понедельника"),
        ("zh", "下星期日之前"),
        ("ar", "قبل الأحد المقبل"),
        ("fr", "avant dimanche prochain"),
        ("de", "bis nächsten Sonntag"),
        ("tlh", "by 12 September"),
    ],
)
def test_what_is_not_certain_is_left_open(language: str, text: str) -> None:
    assert deadline_in(text, language, DAY) is None


def test_without_the_articles_day_nothing_is_reckoned() -> None:
    assert deadline_in("by 12 September", "en", None) is None


def test_words_marked_as_a_deadline_need_nothing_to_say_so() -> None:
    assert deadline_in("12 September", "en", DAY, is_marked=True) == Due(
        "2025-09-12", "12 September", "the next such day after the article’s, 2025-09-05"
    )
    assert deadline_in("12 September", "en", DAY) is None


def test_a_month_ends_where_it_ends() -> None:
    due = deadline_in("within one month", "en", date(2024, 1, 31))
    assert due is not None
    assert due.edtf == "2024-02-29~"


def test_a_time_may_be_set_without_being_certain() -> None:
    assert (has_time("leave by Friday", "en"), has_time("leave at once", "en")) == (True, False)
