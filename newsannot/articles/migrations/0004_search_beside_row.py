"""Keep the words of a text in its own row where they fit.

Stored apart, they leave a table so small that the planner reads it from end to end (fetching the words of every text)
rather than ask the index: it does not count the cost of fetching.
"""

from django.db import migrations


class Migration(migrations.Migration):
    """How a column is stored; the column itself stays as it is."""

    dependencies = [("articles", "0003_known_by_text")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE articles_revision ALTER COLUMN search SET STORAGE MAIN",
            "ALTER TABLE articles_revision ALTER COLUMN search SET STORAGE EXTENDED",
        )
    ]
