import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0014_merged_actors"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dispute",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("is_border", False)),
                fields=["choices"],
                name="dispute_choices",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
