from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0006_published_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="together",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("together__isnull", False)), fields=["together"], name="step_together"
            ),
        ),
    ]
