"""The standing records of a reading by kind, so that so many of each are counted without a look at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0012_words_named")]

    operations = [
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                fields=["reading", "kind"], condition=models.Q(deleted_at=None), name="annotation_tally"
            ),
        ),
    ]
