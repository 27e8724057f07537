"""What was deleted in a reading, newest first: an index of deleted records only, so that marking never writes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0010_never_truncated")]

    operations = [
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                fields=["reading", "deleted_at", "id"],
                condition=models.Q(deleted_at__isnull=False),
                name="annotation_bin",
            ),
        ),
    ]
