"""What the word index takes for a word, in any script and with any quotation marks."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("“Ukraine’s borders,” she said", "ukraine"),
        ("“Ukraine’s borders,” she said", "Ukraine's borders"),
        ("the so-called ‘guarantees’", '"guarantees"'),
        ("«Мы ответим», — сказал он", "мы ОТВЕТИМ"),
        ("„Wir antworten“, sagte er", "wir antworten"),
        ("我们不能坐视不顾", "坐视"),
        ("ממשלת צה״ל", 'צה"ל'),
        ("قال الرئيس", "الرئيس"),
    ],
)
def test_a_word_is_found_whatever_its_marks(text: str, query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_vector(%s) @@ search_query(%s)", [text, query])
        assert cursor.fetchone() == (True,)
