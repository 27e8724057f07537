"""Disputes about the borders of a role are told apart from those about a field of the same name."""

from django.db import migrations, models

# A field's dispute had been stored over that of a role of the same name: what is left then is about the field.
OF_ROLES = """
    UPDATE review_dispute d SET is_border = true FROM annotations_annotation a
    WHERE a.id = d.curated_id AND jsonb_typeof(d.choices -> 0 -> 'value') = 'array'
    AND (a.kind, d.name) IN (
        ('mention', 'text'), ('statement', 'source'), ('statement', 'cue'), ('statement', 'content'),
        ('threat', 'reference'), ('threat', 'condition'), ('threat', 'demand'), ('threat', 'consequence'),
        ('threat', 'deadline')
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0014_moves"),
        ("review", "0011_bulk_assignments"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="dispute", name="dispute_once_a_field"),
        migrations.AddField(
            model_name="dispute",
            name="is_border",
            field=models.BooleanField(default=False, help_text="Of a role: a field may have the same name."),
        ),
        migrations.RunSQL(OF_ROLES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=["curated", "name", "is_border"], name="dispute_once_a_field"),
        ),
    ]
