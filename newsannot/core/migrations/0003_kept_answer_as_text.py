"""Kept answers as text, which holds every character that was sent; those kept as JSON are let go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_kept_answer")]
    operations = [
        migrations.RunSQL("DELETE FROM core_keptanswer", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="keptanswer", name="body"),
        migrations.AddField(
            model_name="keptanswer", name="body", field=models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
