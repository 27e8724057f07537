"""Counts that all processes share, in a table that is not written to disk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_ascii_words")]
    operations = [
        migrations.CreateModel(
            name="SharedCount",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE core_sharedcount SET UNLOGGED; ALTER TABLE core_sharedcount SET (fillfactor = 50)",
            "ALTER TABLE core_sharedcount SET LOGGED",
        ),
    ]
