CREATE OR REPLACE FUNCTION timesheet.snapshot_digest(for_contact int, for_week date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  next_revision int := 1 + coalesce((SELECT max(d.revision) FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = for_contact AND d.week = for_week), 0);
  said jsonb := timesheet.digest_content(for_contact, for_week, next_revision);
  delivery bigint;
BEGIN
  INSERT INTO timesheet.digest_deliveries AS d (contact_id, week, revision, email, content, through_raw_event,
    agent_ids)
  SELECT c.contact_id, for_week, next_revision, c.email, said - 'reported',
    (said #>> '{reported,through_raw_event}')::bigint,
    ARRAY(SELECT a.id::int FROM jsonb_array_elements_text(said #> '{reported,agents}') AS a (id))
  FROM timesheet.contacts AS c WHERE c.contact_id = for_contact
  RETURNING d.delivery_id INTO delivery;
  INSERT INTO timesheet.digest_reported_weeks (delivery_id, week, client_group_id, first_day)
  SELECT delivery, (t.reported ->> 0)::date, (t.reported ->> 1)::int, (t.reported ->> 2)::date
  FROM jsonb_array_elements(said #> '{reported,groups}') AS t (reported);
  INSERT INTO timesheet.digest_figures (delivery_id, week, client_group_id, agent_id, workday, work_seconds,
    unconfirmed_seconds, hours)
  SELECT delivery, (f.figure ->> 0)::date, (f.figure ->> 1)::int, (f.figure ->> 2)::int, (f.figure ->> 3)::date,
    (f.figure ->> 4)::bigint, (f.figure ->> 5)::bigint, (f.figure ->> 6)::numeric
  FROM jsonb_array_elements(said #> '{reported,figures}') AS f (figure);
  RETURN delivery;
END
$$;
COMMENT ON FUNCTION timesheet.snapshot_digest(int, date) IS
  'Queues the next revision of a contact''s digest for a week, with its content and numbers as they are now. Returns '
  'the delivery.';
CALL timesheet.set_grants('FUNCTION timesheet.snapshot_digest(int, date)');
