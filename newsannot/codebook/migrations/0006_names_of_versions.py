from django.db import migrations, models

NAME = """
ALTER TABLE codebook_schemeversion DISABLE TRIGGER USER;
UPDATE codebook_schemeversion v SET name = s.name FROM codebook_scheme s WHERE s.id = v.scheme_id;
ALTER TABLE codebook_schemeversion ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Each version of a list keeps the name it had; so far no name had changed."""

    dependencies = [
        ("codebook", "0005_chapters"),
    ]

    operations = [
        migrations.AddField(
            model_name="schemeversion",
            name="name",
            field=models.CharField(default="", help_text="What the list is called from then on.", max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="scheme",
            name="name",
            field=models.CharField(help_text="As its newest version has it.", max_length=120),
        ),
        migrations.RunSQL(NAME, migrations.RunSQL.noop),
    ]
