"""Let a text lie in its row, uncompressed, as long as the row fits a page.

Otherwise the words kept for the search (see 0004) push the text, its lines and its hash out of the row, each to be
compressed and stored apart: a fifth of the cost of storing an article. Rows stored before stay as they are.
"""

from django.db import migrations


class Migration(migrations.Migration):
    """From which size on PostgreSQL shortens a row: 8,160 bytes is the most it lets one choose."""

    dependencies = [("articles", "0005_embargo")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE articles_revision SET (toast_tuple_target = 8160)",
            "ALTER TABLE articles_revision RESET (toast_tuple_target)",
        )
    ]
