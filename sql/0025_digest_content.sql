-- What a digest says: one document for all client groups of a contact, every number already written as it is shown.

CREATE FUNCTION timesheet.percent(part numeric, whole numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT (CASE WHEN whole > 0 THEN least(100, greatest(0, round(100 * part / whole)))::int ELSE 0 END)::text $$;
COMMENT ON FUNCTION timesheet.percent(numeric, numeric) IS 'A share as a whole number from 0 to 100.';

-- Gmail shows no more than 102 KB of a mail. A client group takes some 1.4 KB of it, an agent 1.7.
CREATE FUNCTION timesheet.most_agents(groups bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT greatest(5, least(40, floor((68 - 1.4 * groups) / 1.7)))::int $$;
COMMENT ON FUNCTION timesheet.most_agents(bigint) IS 'How many agents a mail of so many client groups lists.';

CREATE FUNCTION timesheet.digest_groups(for_contact int, for_week date) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH told AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day, g.time_zone, timesheet.short_name(g.name) AS name,
      row_number() OVER (ORDER BY timesheet.short_name(g.name), s.client_group_id) AS place
    FROM timesheet.digest_schedule(for_week, for_week + 1) AS s JOIN timesheet.client_group_names AS g USING (client_group_id)
    WHERE s.contact_id = for_contact
  ), cells AS MATERIALIZED (
    SELECT * FROM timesheet.digest_cells(for_contact, for_week)
  ), agents AS MATERIALIZED (
    SELECT a.*, least(u.hours, a.hours) AS unconfirmed, max(a.hours) OVER () AS most,
      row_number() OVER (ORDER BY t.place, a.hours DESC, a.agent, a.agent_id) AS row_of_mail
    FROM (SELECT c.client_group_id, c.agent_id, c.agent, sum(c.hours) AS hours,
            row_number() OVER (ORDER BY c.client_group_id, c.agent_id) AS n
          FROM cells AS c GROUP BY c.client_group_id, c.agent_id, c.agent) AS a
    JOIN told AS t USING (client_group_id)
    JOIN unnest(timesheet.round_hours((
      SELECT array_agg(s.seconds ORDER BY s.client_group_id, s.agent_id)
      FROM (SELECT c.client_group_id, c.agent_id, sum(c.unconfirmed_seconds)::bigint AS seconds FROM cells AS c GROUP BY c.client_group_id, c.agent_id) AS s)))
      WITH ORDINALITY AS u (hours, n) USING (n)
  ), most AS (
    SELECT timesheet.most_agents(count(*)) AS agents FROM told
  ), sums AS (
    SELECT t.*, coalesce(a.hours, 0.00) AS hours, coalesce(a.unconfirmed, 0.00) AS unconfirmed, sum(coalesce(a.hours, 0.00)) OVER () AS total
    FROM told AS t
    LEFT JOIN (SELECT a.client_group_id, sum(a.hours) AS hours, sum(a.unconfirmed) AS unconfirmed FROM agents AS a GROUP BY a.client_group_id) AS a USING (client_group_id)
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'client_group_id', s.client_group_id, 'name', s.name, 'period', timesheet.period_text(s.first_day, s.last_day), 'time_zone', s.time_zone,
    'day_zones', coalesce((
      SELECT string_agg(DISTINCT w.time_zone, ', ' ORDER BY w.time_zone) FROM timesheet.attendance AS w
      WHERE w.client_group_id = s.client_group_id AND w.workday BETWEEN s.first_day AND s.last_day), s.time_zone),
    'hours', s.hours::text, 'unconfirmed', s.unconfirmed::text, 'has_unconfirmed', s.unconfirmed > 0, 'is_empty', s.hours = 0,
    'bar', timesheet.percent(s.hours, s.total), 'rest', 100 - timesheet.percent(s.hours, s.total)::int || '',
    'days', d.days, 'has_day_totals', coalesce(jsonb_array_length(a.agents), 0) + m.agents > 1,
    'agents', coalesce(a.agents, '[]'),
    'has_more_agents', m.agents > 0, 'more_agents', jsonb_build_object('count', m.agents::text, 'hours', m.hours::text)
  ) ORDER BY s.place), '[]')
  FROM sums AS s
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('weekday', to_char(s.first_day + n, 'Dy'), 'date', to_char(s.first_day + n, 'FMDD Mon'), 'workday', s.first_day + n,
      'hours', x.hours::text, 'is_zero', x.hours = 0) ORDER BY n) AS days
    FROM generate_series(0, 6) AS n
    CROSS JOIN LATERAL (SELECT coalesce(sum(c.hours), 0.00) AS hours FROM cells AS c WHERE c.client_group_id = s.client_group_id AND c.workday = s.first_day + n) AS x
  ) AS d
  CROSS JOIN LATERAL (
    SELECT count(*) AS agents, coalesce(sum(a.hours), 0.00) AS hours FROM agents AS a WHERE a.client_group_id = s.client_group_id AND a.row_of_mail > (SELECT most.agents FROM most)
  ) AS m
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('agent_id', a.agent_id, 'name', a.agent, 'hours', a.hours::text,
      'unconfirmed', a.unconfirmed::text, 'has_unconfirmed', a.unconfirmed > 0,
      'bar', timesheet.percent(a.hours, a.most), 'rest', 100 - timesheet.percent(a.hours, a.most)::int || '',
      'days', (
        SELECT jsonb_agg(jsonb_build_object('weekday', to_char(s.first_day + n, 'Dy'), 'date', to_char(s.first_day + n, 'FMDD Mon'), 'workday', s.first_day + n,
          'hours', coalesce(c.hours, 0.00)::text, 'is_zero', coalesce(c.hours, 0) = 0) ORDER BY n)
        FROM generate_series(0, 6) AS n
        LEFT JOIN cells AS c ON c.client_group_id = s.client_group_id AND c.agent_id = a.agent_id AND c.workday = s.first_day + n)
    ) ORDER BY a.row_of_mail) AS agents
    FROM agents AS a WHERE a.client_group_id = s.client_group_id AND a.row_of_mail <= (SELECT most.agents FROM most)
  ) AS a
$$;
COMMENT ON FUNCTION timesheet.digest_groups(int, date) IS 'The client groups of a digest with their agents and days as a JSON array. Beyond timesheet.most_agents() rows, agents are summed up, so that the mail stays small.';

CREATE FUNCTION timesheet.digest_corrections_told(for_contact int, before date) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH cells AS MATERIALIZED (
    SELECT c.*, timesheet.short_name(a.name) AS agent, timesheet.short_name(g.name) AS client_group
    FROM timesheet.digest_corrections(for_contact, before) AS c
    JOIN timesheet.agent_names AS a USING (agent_id) JOIN timesheet.client_group_names AS g ON g.client_group_id = c.client_group_id
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'week', w.week, 'period', 'week of ' || to_char(w.first_day, 'FMDD Mon') || CASE WHEN extract(year FROM w.first_day) <> extract(year FROM before) THEN to_char(w.first_day, ' YYYY') ELSE '' END,
    'was', w.was::text, 'now', w.now::text, 'difference', abs(w.now - w.was)::text, 'is_more', w.now > w.was, 'is_less', w.now < w.was, 'is_same', w.now = w.was,
    'reasons', coalesce(nullif(timesheet.digest_reasons(w.agents, w.first_day, w.first_day + 7, w.through_raw_event), ''),
      'entries were moved, or a rule or an assignment was changed'),
    'agents', coalesce(a.agents, '[]'), 'has_more_agents', coalesce(a.more, 0) > 0, 'more_agents', coalesce(a.more, 0)::text
  ) ORDER BY w.week), '[]')
  FROM (
    SELECT c.week, sum(c.was_hours) AS was, sum(c.hours) AS now, min(c.through_raw_event) AS through_raw_event,
      array_agg(DISTINCT c.agent_id) FILTER (WHERE c.was_hours <> c.hours) AS agents,
      (SELECT min(s.first_day) FROM timesheet.digest_schedule(c.week, c.week + 1) AS s WHERE s.contact_id = for_contact) AS first_day
    FROM cells AS c GROUP BY c.week
  ) AS w
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('name', d.agent, 'client_group', d.client_group, 'was', d.was::text, 'now', d.now::text)
        ORDER BY d.client_group, d.agent, d.agent_id) FILTER (WHERE d.place <= 8) AS agents, count(*) FILTER (WHERE d.place > 8) AS more
    FROM (SELECT c.agent_id, c.agent, c.client_group, sum(c.was_hours) AS was, sum(c.hours) AS now,
            row_number() OVER (ORDER BY abs(sum(c.hours) - sum(c.was_hours)) DESC, c.agent_id, c.client_group) AS place FROM cells AS c
          WHERE c.week = w.week GROUP BY c.agent_id, c.agent, c.client_group HAVING sum(c.was_hours) <> sum(c.hours)) AS d
  ) AS a
$$;
COMMENT ON FUNCTION timesheet.digest_corrections_told(int, date) IS 'timesheet.digest_corrections() as a digest tells it: by week, with what happened and whose hours changed.';

-- One statement after another in a STABLE function sees one snapshot: the caller's.
CREATE FUNCTION timesheet.digest_content(for_contact int, for_week date, for_revision int DEFAULT 1) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  most_notes CONSTANT int := 25;
  most_activities CONSTANT int := 15;
  person timesheet.contacts;
  groups jsonb := timesheet.digest_groups(for_contact, for_week);
  corrections jsonb := timesheet.digest_corrections_told(for_contact, for_week);
  names text[];
  days record;
  total numeric;
  unconfirmed numeric;
  previous numeric;
  activities jsonb;
  further_activities bigint;
  further_hours numeric;
  notes jsonb;
  noted bigint;
  zones text;
  zone text;
  told jsonb;
  corrected bigint;
BEGIN
  SELECT c.* INTO STRICT person FROM timesheet.contacts AS c WHERE c.contact_id = for_contact;
  IF groups = '[]' THEN
    RAISE EXCEPTION '% has no client group', person.email
      USING ERRCODE = 'no_data_found', HINT = 'Name its client groups in Airtable and run timesheetd contacts; see timesheet.contact_problems.';
  END IF;
  SELECT array_agg(g ->> 'name' ORDER BY n), sum((g ->> 'hours')::numeric), sum((g ->> 'unconfirmed')::numeric), (array_agg(g ->> 'time_zone' ORDER BY n))[1]
  INTO names, total, unconfirmed, zone FROM jsonb_array_elements(groups) WITH ORDINALITY AS e (g, n);
  SELECT min(s.first_day) AS first_day, max(s.last_day) AS last_day, array_agg(s.client_group_id) AS groups INTO days
  FROM timesheet.digest_schedule(for_week, for_week + 1) AS s WHERE s.contact_id = for_contact;
  SELECT coalesce(sum(c.hours), 0.00) INTO previous FROM timesheet.digest_cells(for_contact, for_week - 7) AS c;

  SELECT coalesce(jsonb_agg(jsonb_build_object('name', a.activity, 'hours', a.hours::text, 'bar', timesheet.percent(a.hours, a.most),
    'rest', 100 - timesheet.percent(a.hours, a.most)::int || '', 'share', timesheet.percent(a.hours, total)) ORDER BY a.place) FILTER (WHERE a.place <= most_activities), '[]'),
    count(*) FILTER (WHERE a.place > most_activities), coalesce(sum(a.hours) FILTER (WHERE a.place > most_activities), 0.00)
  INTO activities, further_activities, further_hours
  FROM (SELECT a.*, max(a.hours) OVER () AS most, row_number() OVER (ORDER BY a.hours DESC, a.activity) AS place
        FROM timesheet.digest_activities(for_contact, for_week) AS a) AS a;

  SELECT coalesce(jsonb_agg(jsonb_build_object('when', to_char(n.at AT TIME ZONE n.time_zone, 'Dy FMDD Mon, HH24:MI'), 'time_zone', n.time_zone, 'agent', n.agent,
    'client_group', n.client_group, 'code', n.code, 'text', n.sentence) ORDER BY n.place) FILTER (WHERE n.place <= most_notes), '[]'), count(*)
  INTO notes, noted FROM (SELECT n.*, row_number() OVER (ORDER BY n.at, n.agent, n.code) AS place FROM timesheet.digest_notes(for_contact, for_week) AS n) AS n;

  SELECT coalesce(max(c.weeks_changed), 0) INTO corrected FROM timesheet.digest_corrections(for_contact, for_week) AS c;

  SELECT string_agg(DISTINCT a.time_zone, ', ' ORDER BY a.time_zone) INTO zones FROM timesheet.attendance AS a
  WHERE a.workday BETWEEN days.first_day AND days.last_day AND a.client_group_id = ANY (days.groups);

  SELECT jsonb_build_object(
    'through_raw_event', (SELECT s.normalised_through FROM timesheet.ingest_state AS s),
    'groups', (
      SELECT jsonb_agg(DISTINCT jsonb_build_array(t.week, t.client_group_id)) FROM (
        SELECT for_week AS week, u.id AS client_group_id FROM unnest(days.groups) AS u (id)
        UNION ALL
        SELECT c.week, c.client_group_id FROM timesheet.digest_corrections(for_contact, for_week) AS c) AS t),
    'figures', (
      SELECT coalesce(jsonb_agg(jsonb_build_array(f.week, f.client_group_id, f.agent_id, f.workday, f.work_seconds, f.unconfirmed_seconds, f.hours)), '[]') FROM (
        SELECT for_week AS week, c.client_group_id, c.agent_id, c.workday, c.work_seconds, c.unconfirmed_seconds, c.hours FROM timesheet.digest_cells(for_contact, for_week) AS c
        UNION ALL
        SELECT c.week, c.client_group_id, c.agent_id, c.workday, c.work_seconds, c.unconfirmed_seconds, c.hours FROM timesheet.digest_corrections(for_contact, for_week) AS c
        WHERE c.work_seconds <> 0) AS f)) INTO told;

  RETURN jsonb_build_object(
    'subject', format('%s: %s h in the week of %s%s', timesheet.digest_title(names), total, to_char(days.first_day, 'FMDD Mon YYYY'), CASE WHEN for_revision > 1 THEN ' (revised)' ELSE '' END),
    'preheader', concat_ws(' ', total || ' h'
        || CASE WHEN previous = 0 THEN '.' WHEN total = previous THEN ', as much as the week before.'
           ELSE format(', %s h %s than the week before.', abs(total - previous), CASE WHEN total > previous THEN 'more' ELSE 'less' END) END,
      timesheet.counted(noted, 'note', 'notes') || '.',
      timesheet.counted(corrected, 'correction', 'corrections') || ' to earlier weeks.'),
    'title', timesheet.digest_title(names), 'week', for_week, 'revision', for_revision, 'is_revised', for_revision > 1, 'contact_email', person.email,
    'period', timesheet.period_text(days.first_day, days.last_day), 'time_zones', coalesce(zones, zone), 'is_empty', total = 0, 'many_groups', cardinality(names) > 1,
    'total', jsonb_build_object('hours', total::text, 'previous', previous::text, 'difference', abs(total - previous)::text, 'has_previous', previous <> 0,
      'is_more', total > previous, 'is_less', total < previous, 'is_same', total = previous, 'unconfirmed', unconfirmed::text, 'has_unconfirmed', unconfirmed > 0),
    'client_groups', groups, 'activities', activities,
    'has_more_activities', further_activities > 0, 'more_activities', jsonb_build_object('count', further_activities::text, 'hours', further_hours::text),
    'has_notes', noted > 0, 'notes', notes, 'has_more_notes', noted > most_notes, 'more_notes', greatest(noted - most_notes, 0)::text,
    'has_corrections', corrections <> '[]', 'corrections', corrections, 'has_more_corrections', corrected > jsonb_array_length(corrections),
    'more_corrections', (corrected - jsonb_array_length(corrections))::text,
    'as_of', to_char(now() AT TIME ZONE zone, 'Dy FMDD Mon YYYY, HH24:MI') || ' (' || zone || ')',
    'told', told);
END
$$;
COMMENT ON FUNCTION timesheet.digest_content(int, date, int) IS
  'The digest of a contact for a week (the Monday that is its key) as the templates want it; told holds the numbers behind it for the outbox. Errors: no_data_found for a contact without client groups.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (25, '0025_digest_content');
