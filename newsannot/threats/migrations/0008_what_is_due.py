"""Has each threat that is published compared with those before it and asked about after its deadline, former ones too."""

from django.db import migrations

FALLS_ON = r"""
CREATE FUNCTION threats_falls_on(edtf text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  -- The last day that a deadline may be. Null for none, and for one that is open or names no day of a calendar.
  SELECT least(
      make_date(p[1]::int, p[2]::int, 1) + (p[3]::int - 1),
      (make_date(p[1]::int, p[2]::int, 1) + interval '1 month - 1 day')::date)
  FROM regexp_match(public.edtf_last_day(edtf), '^(\d{4})-(0[1-9]|1[0-2])-(\d\d)$') AS p
  WHERE p[1] BETWEEN '0001' AND '9998' AND p[3] BETWEEN '01' AND '31'
$$;
"""
NO_FALLS_ON = "DROP FUNCTION threats_falls_on(text);"
WATCH = """
CREATE FUNCTION threats_due_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO threats_outline (threat_id, is_due) VALUES (NEW.id, true)
    ON CONFLICT (threat_id) DO UPDATE SET is_due = true;
    INSERT INTO threats_deadline (threat_id, falls_on, ask_on, is_settled)
    SELECT NEW.id, f.day, f.day + 1, EXISTS (
        SELECT FROM threats_occurrence c JOIN threats_episodestep s ON s.episode_id = c.episode_id
        WHERE c.threat_id = NEW.id AND s.kind IN ('complied', 'carried_out', 'withdrawn', 'lapsed'))
    FROM threats_threat t CROSS JOIN public.threats_falls_on(t.deadline) AS f(day)
    WHERE t.annotation_ptr_id = NEW.id AND f.day IS NOT NULL
    ON CONFLICT (threat_id) DO UPDATE
    SET falls_on = EXCLUDED.falls_on, ask_on = EXCLUDED.ask_on, is_settled = EXCLUDED.is_settled
    WHERE threats_deadline.falls_on <> EXCLUDED.falls_on;
    DELETE FROM threats_deadline d USING threats_threat t
    WHERE d.threat_id = NEW.id AND t.annotation_ptr_id = NEW.id AND public.threats_falls_on(t.deadline) IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER threats_due_of_published AFTER UPDATE OF is_published ON annotations_annotation
FOR EACH ROW WHEN (NEW.is_published AND NOT OLD.is_published AND NEW.kind = 'threat')
EXECUTE FUNCTION threats_due_of_published();
CREATE FUNCTION threats_due_of_attestation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE threats_outline o SET is_due = true FROM threats_expression e
    WHERE e.statement_id = NEW.statement_id AND o.threat_id = e.threat_id;
    RETURN NULL;
END $$;
CREATE TRIGGER threats_due_of_attestation AFTER INSERT OR UPDATE OF utterance_id ON statements_attestation
FOR EACH ROW EXECUTE FUNCTION threats_due_of_attestation();
"""
UNWATCH = """
DROP TRIGGER threats_due_of_attestation ON statements_attestation; DROP FUNCTION threats_due_of_attestation();
DROP TRIGGER threats_due_of_published ON annotations_annotation; DROP FUNCTION threats_due_of_published();
"""
PUBLISHED = """
INSERT INTO threats_outline (threat_id, is_due)
SELECT id, true FROM annotations_annotation WHERE kind = 'threat' AND is_published;
INSERT INTO threats_deadline (threat_id, falls_on, ask_on, is_settled)
SELECT a.id, f.day, f.day + 1, false
FROM annotations_annotation a JOIN threats_threat t ON t.annotation_ptr_id = a.id
CROSS JOIN public.threats_falls_on(t.deadline) AS f(day)
WHERE a.is_published AND f.day IS NOT NULL;
"""
EVENTS = ("episode", "episodestep", "occurrence", "stepevidence", "kinship")
INDEXED = " ".join(f"CREATE INDEX threats_{name}_context ON threats_{name}event (pgh_context_id);" for name in EVENTS)
UNINDEXED = " ".join(f"DROP INDEX threats_{name}_context;" for name in EVENTS)


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0013_tally_index"),
        ("statements", "0009_wordings_due"),
        ("threats", "0007_episodes"),
    ]
    operations = [
        migrations.RunSQL(FALLS_ON, NO_FALLS_ON),
        migrations.RunSQL(WATCH, UNWATCH),
        migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop),
        migrations.RunSQL(INDEXED, UNINDEXED),
    ]
