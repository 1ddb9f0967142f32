-- The outbox: what is due is queued with its content frozen, and handed to a provider once. Whoever sends holds a
-- lock, so that a delivery found in the state sending was left by a process that died between asking and recording.

CREATE VIEW timesheet.digest_lock AS SELECT 'held while digests are sent' AS purpose;
COMMENT ON VIEW timesheet.digest_lock IS 'Locked, never read: the digest lock, held for a whole pass by digest send and run; see timesheet.take_digest_lock().';
CREATE VIEW timesheet.digest_queue_lock AS SELECT 'held while digests are queued' AS purpose;
COMMENT ON VIEW timesheet.digest_queue_lock IS 'Locked, never read: held by what queues digests.';

CREATE FUNCTION timesheet.take_digest_lock() RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$ SELECT timesheet.take_lock('digest_lock') $$;
COMMENT ON FUNCTION timesheet.take_digest_lock() IS 'Takes the digest lock, so that nobody else sends until this transaction ends; as timesheet.take_ingest_lock() does. Errors: lock_not_available.';

-- A day counts as read when it was read once more after it had ended, and the grace with it: a feed that is fresh
-- again after an outage has not yet seen the days before its short window.
CREATE FUNCTION timesheet.digest_readiness(since date, until date, for_contact int DEFAULT NULL)
RETURNS TABLE (contact_id int, week date, first_day date, last_day date, complete_at timestamptz, due_at timestamptz, fresh_through timestamptz, incomplete_because text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH scheduled AS MATERIALIZED (
    SELECT s.* FROM timesheet.digest_schedule(since, until) AS s WHERE for_contact IS NULL OR s.contact_id = for_contact
  ), read AS MATERIALIZED (
    SELECT r.* FROM (SELECT min(s.first_day) AS first_day, max(s.last_day) AS last_day FROM scheduled AS s) AS b
    CROSS JOIN LATERAL timesheet.days_read(b.first_day, b.last_day + 1) AS r
  ), weeks AS (
    SELECT s.contact_id, s.week, min(s.first_day) AS first_day, max(s.last_day) AS last_day, max(s.complete_at) AS complete_at, max(s.due_at) AS due_at,
      min(u.day) AS unread
    FROM scheduled AS s
    CROSS JOIN LATERAL (
      SELECT min(r.day) AS day FROM read AS r
      WHERE r.day BETWEEN s.first_day AND s.last_day AND (r.read_at >= s.complete_at - (s.last_day - r.day) * interval '24 hours') IS NOT TRUE
    ) AS u
    GROUP BY s.contact_id, s.week
  )
  SELECT w.contact_id, w.week, w.first_day, w.last_day, w.complete_at, w.due_at, f.fresh_through, CASE
    WHEN f.fresh_through IS NULL THEN 'the feed was never read'
    WHEN f.fresh_through < w.complete_at THEN format('the feed was read through %s and must be read through %s',
      to_char(f.fresh_through AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), to_char(w.complete_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
    WHEN w.unread IS NOT NULL THEN format('%s was not read again after it had ended; the nightly read does, or timesheetd backfill --since %1$s', w.unread)
  END
  FROM weeks AS w CROSS JOIN (SELECT h.fresh_through FROM timesheet.feed_health AS h) AS f
$$;
COMMENT ON FUNCTION timesheet.digest_readiness(date, date, int) IS
  'For each contact and digest week whose key lies in [since, until): its days, the instant through which the feed must have been read, that from which it is sent, and why its hours are not complete yet; null: they are.';

-- A contact is reported of the last complete week and of all that follow; so an outage loses none, and who is new or
-- comes back gets no pile of old mail.
CREATE VIEW timesheet.digest_weeks AS
SELECT w.contact_id, c.email, w.week, w.first_day, w.last_day, w.complete_at, w.due_at, w.fresh_through,
  CASE WHEN c.missing_since IS NOT NULL THEN 'Airtable does not list the address any more, and its removal is held back; timesheetd contacts says what to do'
    WHEN now() < w.due_at THEN 'it is not due before ' || to_char(w.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') ELSE w.incomplete_because END AS waits_because
FROM timesheet.digest_readiness((now() AT TIME ZONE 'UTC')::date - 42, (now() AT TIME ZONE 'UTC')::date + 2) AS w
JOIN timesheet.contacts AS c ON c.contact_id = w.contact_id AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL
WHERE w.due_at > c.subscribed_since - interval '168 hours'
  AND timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row())
  AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS d WHERE d.contact_id = w.contact_id AND d.week = w.week);
COMMENT ON VIEW timesheet.digest_weeks IS 'The digests that are still to be queued, the one of the running week included; waits_because says why one is not queued yet, null: it is due.';

CREATE FUNCTION timesheet.snapshot_digest(for_contact int, for_week date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  next_revision int := 1 + coalesce((SELECT max(d.revision) FROM timesheet.digest_deliveries AS d WHERE d.contact_id = for_contact AND d.week = for_week), 0);
  said jsonb := timesheet.digest_content(for_contact, for_week, next_revision);
  delivery bigint;
BEGIN
  INSERT INTO timesheet.digest_deliveries AS d (contact_id, week, revision, email, content, through_raw_event)
  SELECT c.contact_id, for_week, next_revision, c.email, said - 'reported', (said #>> '{reported,through_raw_event}')::bigint
  FROM timesheet.contacts AS c WHERE c.contact_id = for_contact
  RETURNING d.delivery_id INTO delivery;
  INSERT INTO timesheet.digest_reported_weeks (delivery_id, week, client_group_id, first_day)
  SELECT delivery, (t.reported ->> 0)::date, (t.reported ->> 1)::int, (t.reported ->> 2)::date FROM jsonb_array_elements(said #> '{reported,groups}') AS t (reported);
  INSERT INTO timesheet.digest_figures (delivery_id, week, client_group_id, agent_id, workday, work_seconds, unconfirmed_seconds, hours)
  SELECT delivery, (f.figure ->> 0)::date, (f.figure ->> 1)::int, (f.figure ->> 2)::int, (f.figure ->> 3)::date,
    (f.figure ->> 4)::bigint, (f.figure ->> 5)::bigint, (f.figure ->> 6)::numeric
  FROM jsonb_array_elements(said #> '{reported,figures}') AS f (figure);
  RETURN delivery;
END
$$;
COMMENT ON FUNCTION timesheet.snapshot_digest(int, date) IS 'Queues the next revision of a contact''s digest for a week, with its content and numbers as they are now. Returns the delivery.';

-- A few at a time, each for itself: what one contact's digest fails by stops no other, and no call takes long.
CREATE FUNCTION timesheet.queue_digests(week_of date DEFAULT NULL, most int DEFAULT 20, OUT queued int, OUT not_made int)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  due record;
  reason text;
BEGIN
  queued := 0;
  not_made := 0;
  PERFORM timesheet.take_lock('digest_queue_lock');
  FOR due IN
    SELECT w.contact_id, w.week, w.email FROM timesheet.digest_weeks AS w
    WHERE week_of IS NULL AND w.waits_because IS NULL
    UNION ALL -- a week that is asked for, however old
    SELECT r.contact_id, r.week, c.email
    FROM timesheet.contacts AS c CROSS JOIN LATERAL (SELECT timesheet.contact_week(c.contact_id, week_of)) AS k (week)
    CROSS JOIN LATERAL timesheet.digest_readiness(k.week, k.week + 1, c.contact_id) AS r
    WHERE week_of IS NOT NULL AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL AND c.missing_since IS NULL AND r.due_at <= now() AND r.incomplete_because IS NULL
      AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS d WHERE d.contact_id = r.contact_id AND d.week = r.week)
    ORDER BY week, contact_id
  LOOP
    EXIT WHEN queued >= most;
    BEGIN
      PERFORM timesheet.snapshot_digest(due.contact_id, due.week);
      queued := queued + 1;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT;
      not_made := not_made + 1;
      RAISE WARNING 'the digest of % for the week of % could not be made: %', due.email, due.week, reason;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.queue_digests(date, int) IS
  'Queues digests that are due and were not queued before, or only those of the week that holds week_of, if it is complete; at most so many, oldest first. Returns how many, of which as many as asked for may have left some, and how many could not be made: each is a warning, and stays overdue. Safe to repeat, and to run at once.';

-- Who is not a contact any more gets nothing, what waited for too long is not news any more, and what a dead sender
-- left is settled as far as it can be.
CREATE FUNCTION timesheet.recover_deliveries(of_provider text, idempotency_window interval) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  doubtful int;
BEGIN
  UPDATE timesheet.digest_deliveries AS d SET is_indeterminate = true, error = 'the sender ended before it had an answer'
  WHERE d.state = 'sending';
  UPDATE timesheet.digest_deliveries AS d SET state = 'failed', error = 'the contact was removed or has unsubscribed'
  FROM timesheet.contacts AS c
  WHERE c.contact_id = d.contact_id AND d.state = 'queued' AND NOT d.is_indeterminate AND (c.removed_at IS NOT NULL OR c.unsubscribed_at IS NOT NULL);
  UPDATE timesheet.digest_deliveries AS d
  SET state = 'failed', error = 'it could not be sent for more than a week; timesheet.resend_digest() sends it if it is still wanted'
  WHERE d.state = 'queued' AND d.attempts = 0 AND d.created_at < now() - interval '8 days';
  -- The same provider knows the key for so long; nobody else does. Nor is it asked again for somebody who left.
  UPDATE timesheet.digest_deliveries AS d SET state = 'in_doubt', error = concat_ws('; ', d.error, 'it may have been accepted, so it is not sent again')
  FROM timesheet.contacts AS c
  WHERE c.contact_id = d.contact_id AND d.state IN ('queued', 'sending') AND d.is_indeterminate
    AND (d.provider IS DISTINCT FROM of_provider OR d.first_attempt_at <= clock_timestamp() - idempotency_window
         OR c.removed_at IS NOT NULL OR c.unsubscribed_at IS NOT NULL);
  GET DIAGNOSTICS doubtful = ROW_COUNT;
  UPDATE timesheet.digest_deliveries AS d SET state = 'queued' WHERE d.state = 'sending';
  RETURN doubtful;
END
$$;
COMMENT ON FUNCTION timesheet.recover_deliveries(text, interval) IS
  'For the holder of the digest lock: queues again what a dead sender left under way if this provider recognises a repeated key for idempotency_window (0: never), and puts the rest in doubt; returns how many came into doubt. What waited for more than eight days without an attempt fails.';

-- What waits for a contact that is held back waits without being asked for.
CREATE FUNCTION timesheet.next_attempt_at() RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT min(d.next_attempt_at) FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
  WHERE d.state = 'queued' AND c.missing_since IS NULL
$$;
COMMENT ON FUNCTION timesheet.next_attempt_at() IS 'From when timesheet.next_delivery() gives a delivery; null if none waits but those of contacts that are held back.';

CREATE FUNCTION timesheet.next_delivery(OUT delivery_id bigint, OUT email text, OUT content jsonb, OUT html text, OUT body text, OUT idempotency_key uuid,
  OUT attempts int, OUT unsubscribe_token uuid)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT d.delivery_id, d.email, d.content, d.html, d.body, d.idempotency_key, d.attempts, c.unsubscribe_token
  FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
  WHERE d.state = 'queued' AND d.next_attempt_at <= clock_timestamp() AND c.missing_since IS NULL
  ORDER BY d.next_attempt_at, d.delivery_id LIMIT 1
$$;
COMMENT ON FUNCTION timesheet.next_delivery() IS 'The queued delivery that is to be tried next; nulls if none is due.';

CREATE FUNCTION timesheet.begin_attempt(for_delivery bigint, by_provider text, rendered_html text, rendered_body text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE timesheet.digest_deliveries AS d -- since this pass began
  SET state = CASE WHEN d.is_indeterminate THEN 'in_doubt' ELSE 'failed' END, error = concat_ws('; ', d.error, 'the contact was removed or has unsubscribed')
  FROM timesheet.contacts AS c
  WHERE d.delivery_id = for_delivery AND d.state = 'queued' AND c.contact_id = d.contact_id AND (c.removed_at IS NOT NULL OR c.unsubscribed_at IS NOT NULL);
  UPDATE timesheet.digest_deliveries AS d
  SET state = 'sending', provider = by_provider, attempts = d.attempts + 1, html = coalesce(d.html, rendered_html), body = coalesce(d.body, rendered_body),
    first_attempt_at = coalesce(d.first_attempt_at, clock_timestamp()), last_attempt_at = clock_timestamp()
  FROM timesheet.contacts AS c
  WHERE d.delivery_id = for_delivery AND d.state = 'queued' AND c.contact_id = d.contact_id AND c.missing_since IS NULL;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION timesheet.begin_attempt(bigint, text, text, text) IS
  'Says, before the provider is asked, that it will be. The mail of the first attempt is kept. False if the delivery is not queued any more, its contact is gone, or held back: then it waits.';

CREATE FUNCTION timesheet.end_attempt(for_delivery bigint, outcome text, provider_message_id text, attempt_error text, wait interval DEFAULT NULL, indeterminate boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  became text;
BEGIN
  IF outcome NOT IN ('sent', 'failed', 'in_doubt', 'queued') THEN
    RAISE EXCEPTION 'outcome "%" is not known', outcome USING ERRCODE = 'invalid_parameter_value', HINT = 'Use sent, failed, in_doubt or queued.';
  END IF;
  UPDATE timesheet.digest_deliveries AS d
  -- What an attempt before this one may have had accepted has not failed.
  SET state = CASE WHEN outcome = 'failed' AND d.is_indeterminate THEN 'in_doubt' ELSE outcome END, provider_id = coalesce(provider_message_id, d.provider_id), error = attempt_error,
    is_indeterminate = d.is_indeterminate OR indeterminate, sent_at = CASE WHEN outcome = 'sent' THEN clock_timestamp() END, next_attempt_at = clock_timestamp() + coalesce(wait, '0')
  WHERE d.delivery_id = for_delivery AND d.state = 'sending'
  RETURNING d.state INTO became;
  RETURN became;
END
$$;
COMMENT ON FUNCTION timesheet.end_attempt(bigint, text, text, text, interval, boolean) IS
  'Records how an attempt ended: sent, failed, in_doubt, or queued for another after wait. indeterminate: it may have been accepted; a later failure then is doubt. Returns the state it came into.';

CREATE FUNCTION timesheet.postpone_deliveries(wait interval, reason text) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  postponed int;
BEGIN
  UPDATE timesheet.digest_deliveries AS d SET next_attempt_at = clock_timestamp() + wait, error = reason
  WHERE d.state = 'queued' AND d.next_attempt_at < clock_timestamp() + wait;
  GET DIAGNOSTICS postponed = ROW_COUNT;
  RETURN postponed;
END
$$;
COMMENT ON FUNCTION timesheet.postpone_deliveries(interval, text) IS 'Lets everything queued wait, as when the provider''s quota is used up; returns how many.';

CREATE FUNCTION timesheet.contact_id(of_email text) RETURNS int
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found int;
BEGIN
  SELECT c.contact_id INTO found FROM timesheet.contacts AS c WHERE c.email = lower(btrim(of_email));
  IF found IS NULL THEN
    RAISE EXCEPTION 'no contact has the address "%"', of_email
      USING ERRCODE = 'no_data_found', HINT = 'See timesheet.contacts; timesheetd contacts fetches them from Airtable.';
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION timesheet.contact_id(text) IS 'The contact with this address. Errors: no_data_found.';

CREATE FUNCTION timesheet.resend_digest(to_email text, week_of date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  contact int := timesheet.contact_id(to_email);
  key date := timesheet.contact_week(contact, week_of);
  open_state text;
  incomplete text;
BEGIN
  PERFORM timesheet.take_lock('digest_queue_lock');
  IF EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.contact_id = contact AND (c.removed_at IS NOT NULL OR c.unsubscribed_at IS NOT NULL)) THEN
    RAISE EXCEPTION '% was removed or has unsubscribed', to_email
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'List the address in Airtable again, or clear unsubscribed_at if the person asks for it.';
  END IF;
  IF EXISTS (SELECT FROM timesheet.contacts AS c WHERE c.contact_id = contact AND c.missing_since IS NOT NULL) THEN
    RAISE EXCEPTION 'Airtable does not list % any more, and its removal is held back', to_email
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'See that the list is whole, or accept it with timesheetd contacts --allow-mass-deletion.';
  END IF;
  SELECT d.state INTO open_state FROM timesheet.digest_deliveries AS d
  WHERE d.contact_id = contact AND d.week = key AND d.state IN ('queued', 'sending', 'in_doubt') LIMIT 1;
  IF open_state IS NOT NULL THEN
    RAISE EXCEPTION 'the digest of % for the week of % is %', to_email, week_of, open_state
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = CASE open_state WHEN 'in_doubt' THEN 'Find out whether it arrived and say so with timesheet.resolve_delivery().' ELSE 'It will be sent by the next pass.' END;
  END IF;
  SELECT r.incomplete_because INTO incomplete FROM timesheet.digest_readiness(key, key + 1, contact) AS r;
  IF incomplete IS NOT NULL THEN
    RAISE EXCEPTION 'the week of % is not complete: %', week_of, incomplete
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It is sent by itself once it is.';
  END IF;
  RETURN timesheet.snapshot_digest(contact, key);
END
$$;
COMMENT ON FUNCTION timesheet.resend_digest(text, date) IS
  'Queues the digest of the week that holds week_of for this address once more, as a new revision with the numbers of now; returns the delivery. Errors: no_data_found for an unknown address, object_not_in_prerequisite_state where the week is not complete, or one is still on its way or in doubt.';

CREATE FUNCTION timesheet.resolve_delivery(for_delivery bigint, was_received boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE timesheet.digest_deliveries AS d
  SET state = CASE WHEN was_received THEN 'sent' ELSE 'failed' END, sent_at = CASE WHEN was_received THEN d.last_attempt_at END,
    error = CASE WHEN was_received THEN NULL ELSE 'settled by hand: it did not arrive' END
  WHERE d.delivery_id = for_delivery AND d.state = 'in_doubt' AND was_received IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'delivery % is not in doubt, or was_received is null', coalesce(for_delivery::text, 'null')
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'See timesheet.digests for those that are.';
  END IF;
END
$$;
COMMENT ON FUNCTION timesheet.resolve_delivery(bigint, boolean) IS 'A person''s word on a delivery in doubt: it arrived, or it did not and may be sent again by timesheet.resend_digest(). Errors: object_not_in_prerequisite_state.';

CREATE VIEW timesheet.digests AS
SELECT d.delivery_id, d.email, d.week, d.content ->> 'period' AS period, d.content ->> 'title' AS title, (d.content #>> '{total,hours}')::numeric AS hours, d.revision, d.state,
  d.attempts, d.provider, d.provider_id, d.error, d.created_at, d.last_attempt_at, CASE WHEN d.state = 'queued' THEN d.next_attempt_at END AS next_attempt_at, d.sent_at, d.contact_id, d.idempotency_key
FROM timesheet.digest_deliveries AS d
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digests IS 'Every digest queued so far: to whom, which week, what became of it.';
COMMENT ON COLUMN timesheet.digests.idempotency_key IS 'By which the provider recognises a repeated mail; in Mailgun''s log it is the variable delivery.';
COMMENT ON COLUMN timesheet.digests.week IS 'The Monday of the ISO week in which the week reported of ends.';

CREATE VIEW timesheet.digest_health AS
SELECT
  (SELECT count(*) FROM timesheet.digest_deliveries AS d WHERE d.state IN ('queued', 'sending')) AS queued,
  (SELECT count(*) FROM timesheet.digest_deliveries AS d WHERE d.state = 'in_doubt') AS in_doubt,
  (SELECT count(*) FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
   WHERE d.state = 'failed' AND c.removed_at IS NULL AND c.unsubscribed_at IS NULL AND NOT EXISTS (
     SELECT FROM timesheet.digest_deliveries AS l WHERE l.contact_id = d.contact_id AND l.week = d.week AND l.revision > d.revision)) AS failed,
  (SELECT count(*) FROM timesheet.digest_weeks AS w WHERE w.due_at <= now()) AS overdue,
  (SELECT w.email || ': ' || w.waits_because FROM timesheet.digest_weeks AS w WHERE w.due_at <= now() AND w.waits_because IS NOT NULL ORDER BY w.due_at, w.contact_id LIMIT 1) AS overdue_because,
  (SELECT min(w.due_at) FROM timesheet.digest_weeks AS w WHERE w.due_at > now()) AS next_due_at,
  (SELECT count(*) FROM timesheet.contact_problems) AS contact_problems,
  (SELECT count(*) FROM timesheet.contacts AS c WHERE c.removed_at IS NULL AND c.missing_since IS NOT NULL) AS contacts_held
WHERE timesheet.require_every_row_when_planned() AND (SELECT timesheet.require_every_row());
COMMENT ON VIEW timesheet.digest_health IS 'The state of the digests, in one row.';
COMMENT ON COLUMN timesheet.digest_health.contacts_held IS 'Contacts that Airtable does not list any more, whose removal is held back; no digest is sent to them.';
COMMENT ON COLUMN timesheet.digest_health.failed IS 'Deliveries that failed and were not sent again, to people who are still contacts.';
COMMENT ON COLUMN timesheet.digest_health.overdue IS 'Digests whose hour has come and that are not queued; overdue_because says why of the oldest that waits for the feed.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (26, '0026_digest_outbox');
