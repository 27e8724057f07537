"""Batches, assignments and lapses; a new reading finds the assignment that led to it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION assignment_of_new_reading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE review_assignment SET reading_id = NEW.id
  WHERE revision_id = NEW.revision_id AND analyst_id = NEW.reader_id;
  RETURN NULL;
END $$;

CREATE TRIGGER assignment_of_new_reading AFTER INSERT ON annotations_reading
FOR EACH ROW WHEN (NEW.reader_id IS NOT NULL) EXECUTE FUNCTION assignment_of_new_reading();
"""
DROP = """
DROP TRIGGER assignment_of_new_reading ON annotations_reading;
DROP FUNCTION assignment_of_new_reading();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0011_bin_index"),
        ("articles", "0007_never_truncated"),
        ("review", "0002_adjudication"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="What to mind; its analysts see it beside the text.", max_length=4000
                    ),
                ),
                ("analysts_per_article", models.PositiveSmallIntegerField(default=2)),
                (
                    "maximum_share",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="Percent of the batch one person may have."
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lease_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="Work taken from the pool returns there so long after it was last worked on.",
                    ),
                ),
                (
                    "is_pool",
                    models.BooleanField(
                        default=False, help_text="Taken by the analysts one by one, not given to them."
                    ),
                ),
                (
                    "hides_suggestions",
                    models.BooleanField(default=False, help_text="Suggestions are hidden: coded blind."),
                ),
                (
                    "is_training",
                    models.BooleanField(default=False, help_text="Readings are compared with the curated ones."),
                ),
                (
                    "pass_mark",
                    models.PositiveSmallIntegerField(blank=True, help_text="Percent; of a training only.", null=True),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, help_text="Nothing more is given out of it.", null=True),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "requires",
                    models.ForeignKey(
                        blank=True,
                        help_text="A training.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads_to",
                        to="review.batch",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.PositiveSmallIntegerField(help_text="Which of the readers of the article, from 1.")),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        editable=False,
                        help_text="Percent of the gold records found, when first compared.",
                        null=True,
                    ),
                ),
                (
                    "analyst",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="annotations.reading",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="articles.revision"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="review.batch"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Lapse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "analyst",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lapses", to="review.assignment"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("analysts_per_article__gte", 1), ("analysts_per_article__lte", 20)),
                name="batch_readers_within_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum_share__gte", 1), ("maximum_share__lte", 100)),
                name="batch_share_is_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("lease_hours__gte", 1), ("lease_hours__lte", 2160)),
                name="batch_lease_within_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_training", False), ("pass_mark", None)),
                    models.Q(
                        ("is_training", True),
                        ("pass_mark__gte", 0),
                        ("pass_mark__isnull", False),
                        ("pass_mark__lte", 100),
                        ("requires", None),
                    ),
                    _connector="OR",
                ),
                name="batch_training_has_pass_mark",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."analysts_per_article" IS DISTINCT FROM (NEW."analysts_per_article") OR OLD."is_training" IS DISTINCT FROM (NEW."is_training") OR OLD."hides_suggestions" IS DISTINCT FROM (NEW."hides_suggestions") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="044c6501f81f8ab6181b9d895f6a85b6b41520f1",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_2cb1a",
                    table="review_batch",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["analyst", "due_at"], name="assignment_of_person"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                models.OrderBy(models.F("due_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(("analyst", None)),
                name="assignment_in_pool",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("leased_until__isnull", False)), fields=["leased_until"], name="assignment_leased"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(fields=("revision", "analyst"), name="assignment_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(fields=("batch", "revision", "slot"), name="assignment_slot_once"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("analyst__isnull", False), models.Q(("leased_until", None), ("score", None)), _connector="OR"
                ),
                name="assignment_pool_is_nobodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("score", None), models.Q(("score__gte", 0), ("score__lte", 100)), _connector="OR"),
                name="assignment_score_is_percent",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="slot_known",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.slot NOT BETWEEN 1 AND\n                        (SELECT analysts_per_article FROM review_batch WHERE id = NEW.batch_id) THEN\n                        RAISE EXCEPTION 'an article of this batch has fewer readers'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_slot_known';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="260a61187aded36153f47a18ed39f4efce5653c8",
                    operation="INSERT",
                    pgid="pgtrigger_slot_known_4e23f",
                    table="review_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="leads_to_own_reading",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    NEW.reading_id := (SELECT id FROM annotations_reading\n                        WHERE revision_id = NEW.revision_id AND reader_id = NEW.analyst_id);\n                    RETURN NEW;\n                ",
                    hash="ae26711b523549280fcd5d1eecd5b81ae2e2e6f7",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_leads_to_own_reading_f9cbd",
                    table="review_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_once_begun",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."reading_id" IS NOT NULL)',
                    func="\n                    RAISE EXCEPTION 'somebody has begun to read for this batch'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_begun';\n                ",
                    hash="7f3e51b5e8f33688aeec4f1c07e4e8f90fc09804",
                    operation="DELETE",
                    pgid="pgtrigger_kept_once_begun_d88fb",
                    table="review_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."revision_id" IS DISTINCT FROM (NEW."revision_id") OR OLD."slot" IS DISTINCT FROM (NEW."slot"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c77b0778c4363f138967a58cf19de86a6bc1735b",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_94307",
                    table="review_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="lapse",
            index=models.Index(fields=["analyst", "assignment"], name="review_laps_analyst_b6b936_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lapse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ce1cc7da5e88442ef527bc0479f7dfcdc9be2c9f",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_e496e",
                    table="review_lapse",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
