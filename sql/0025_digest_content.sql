-- What a digest says: one document for all client groups of a contact, every number already written as it is shown.

CREATE FUNCTION timesheet.percent(part numeric, whole numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT (CASE WHEN whole > 0 THEN least(100, greatest(0, round(100 * part / whole)))::int ELSE 0 END)::text $$;
COMMENT ON FUNCTION timesheet.percent(numeric, numeric) IS 'A share as a whole number from 0 to 100.';

-- Gmail shows no more than 102 KB of a mail, and a name may take many times its letters. So every list is cut by what
-- its items take, as estimated here, and whatever is left out is summed up in one line.
CREATE FUNCTION timesheet.html_length(given text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT octet_length(given) + 5 * (2 * length(given) - length(translate(given, '&''"', '')) - length(translate(given, '<>', '')))
$$;
COMMENT ON FUNCTION timesheet.html_length(text) IS 'How many bytes the text takes in a mail at most: &, quotes and angle brackets are written with up to six.';

CREATE FUNCTION timesheet.some_of(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_to_string(names[1:6], ', ') || CASE WHEN cardinality(names) > 6 THEN ' and ' || cardinality(names) - 6 || ' more' ELSE '' END WHERE cardinality(names) > 0
$$;
COMMENT ON FUNCTION timesheet.some_of(text[]) IS 'The first six names and how many more there are; null for none.';

-- One rounding here too: the shares of an hour, whose hundredths are percents (R12).
CREATE FUNCTION timesheet.percents(parts numeric[]) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg((h.hours * 100)::int ORDER BY h.n)
  FROM unnest(timesheet.round_hours((
    SELECT array_agg(CASE WHEN w.whole > 0 THEN floor(3600 * p.part / w.whole) ELSE 0 END::bigint ORDER BY p.n)
    FROM unnest(parts) WITH ORDINALITY AS p (part, n) CROSS JOIN (SELECT sum(u.part) AS whole FROM unnest(parts) AS u (part)) AS w
  ))) WITH ORDINALITY AS h (hours, n)
$$;
COMMENT ON FUNCTION timesheet.percents(numeric[]) IS 'The parts as whole percents of their sum that add up to 100; for up to 18 parts.';

CREATE FUNCTION timesheet.digest_groups(for_contact int, for_week date, given jsonb, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH scheduled AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s WHERE s.contact_id = for_contact
  ), worked AS MATERIALIZED (
    -- The zones of a client group's own sessions and typed-in hours, whatever group the agent was in later that day.
    -- Once for all client groups: what is stale is computed for it.
    SELECT w.client_group_id, array_agg(DISTINCT timesheet.time_zone_label(w.zone)
      ORDER BY timesheet.time_zone_label(w.zone)) AS zones
    FROM (
      SELECT l.client_group_id, l.workday, coalesce(timesheet.usable_time_zone(e.time_zone),
        (SELECT timesheet.default_time_zone())) AS zone
      FROM timesheet.session_log AS l JOIN timesheet.time_entries AS e USING (jibble_activity_id)
      WHERE l.workday BETWEEN (SELECT min(s.first_day) FROM scheduled AS s) AND (SELECT max(s.last_day) FROM scheduled AS s)
      UNION ALL
      SELECT h.client_group_id, h.workday, timesheet.time_zone_at_noon(h.agent_id, h.workday)
      FROM timesheet.hour_entries AS h JOIN scheduled AS s ON s.client_group_id = h.client_group_id AND h.workday BETWEEN s.first_day AND s.last_day
      WHERE h.deleted_at IS NULL
    ) AS w JOIN scheduled AS s ON s.client_group_id = w.client_group_id AND w.workday BETWEEN s.first_day AND s.last_day
    WHERE w.zone IS NOT NULL
    GROUP BY w.client_group_id
  ), reported AS MATERIALIZED (
    SELECT s.client_group_id, s.first_day, s.last_day, g.time_zone, timesheet.short_name(g.name) AS name,
      row_number() OVER (ORDER BY timesheet.short_name(g.name), s.client_group_id) AS place, coalesce(w.zones, '{}') AS zones
    FROM scheduled AS s JOIN timesheet.client_group_names AS g USING (client_group_id) LEFT JOIN worked AS w USING (client_group_id)
  ), cells AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(given)
      AS c (client_group_id int, agent_id int, agent text, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
  ), agents AS MATERIALIZED (
    SELECT a.*, least(u.hours, a.hours) AS unconfirmed, max(a.hours) OVER () AS most,
      row_number() OVER (PARTITION BY a.client_group_id ORDER BY a.hours DESC, a.agent, a.agent_id) AS place
    FROM (SELECT c.client_group_id, c.agent_id, c.agent, sum(c.hours) AS hours, sum(c.unconfirmed_seconds)::bigint AS unconfirmed_seconds,
            row_number() OVER (ORDER BY c.client_group_id, c.agent_id) AS n
          FROM cells AS c GROUP BY c.client_group_id, c.agent_id, c.agent) AS a
    JOIN unnest(timesheet.round_hours((
      SELECT array_agg(s.seconds ORDER BY s.client_group_id, s.agent_id)
      FROM (SELECT c.client_group_id, c.agent_id, sum(c.unconfirmed_seconds)::bigint AS seconds FROM cells AS c GROUP BY c.client_group_id, c.agent_id) AS s)))
      WITH ORDINALITY AS u (hours, n) USING (n)
  ), sums AS (
    SELECT t.*, coalesce(a.hours, 0.00) AS hours, coalesce(a.unconfirmed, 0.00) AS unconfirmed, sum(coalesce(a.hours, 0.00)) OVER () AS total,
      coalesce(a.agents, 0) AS agents, timesheet.some_of(CASE WHEN t.zones = '{}'
        THEN ARRAY[timesheet.time_zone_label(t.time_zone)] ELSE t.zones END) AS day_zones
    FROM reported AS t
    LEFT JOIN (SELECT a.client_group_id, sum(a.hours) AS hours, sum(a.unconfirmed) AS unconfirmed, count(*) AS agents
               FROM agents AS a GROUP BY a.client_group_id) AS a USING (client_group_id)
  ), spent AS (
    -- The largest client groups, in most of the room, so that some is left for agents.
    SELECT s.*, sum(1220 + 2 * timesheet.html_length(s.name) + timesheet.html_length(s.day_zones) + CASE WHEN s.unconfirmed > 0 THEN 150 ELSE 0 END
          + CASE WHEN s.agents > 1 THEN 1630 WHEN s.agents = 1 THEN 510 ELSE 0 END)
        OVER (ORDER BY s.hours DESC, s.place) AS bytes, row_number() OVER (ORDER BY s.hours DESC, s.place) AS rank
    FROM sums AS s
  ), listed AS MATERIALIZED (
    SELECT s.* FROM spent AS s WHERE s.bytes <= 0.85 * room OR s.rank = 1
  ), shown AS MATERIALIZED (
    -- The first of every client group before the second of any.
    SELECT a.*, sum(1190 + timesheet.html_length(a.agent) + CASE WHEN a.unconfirmed > 0 THEN 150 ELSE 0 END) OVER (ORDER BY a.place, a.hours DESC, a.client_group_id) <= room - (SELECT max(l.bytes) FROM listed AS l) AS is_listed
    FROM agents AS a JOIN listed AS l USING (client_group_id)
  )
  SELECT jsonb_build_object(
    'names', (SELECT coalesce(jsonb_agg(t.name ORDER BY t.place), '[]') FROM reported AS t),
    'time_zone', (SELECT t.time_zone FROM reported AS t WHERE t.place = 1),
    'time_zones', (SELECT timesheet.some_of(array_agg(DISTINCT z.zone ORDER BY z.zone)) FROM reported AS t CROSS JOIN LATERAL unnest(t.zones) AS z (zone)),
    'periods', (SELECT string_agg(p.period, ' or ' ORDER BY p.first_day)
                FROM (SELECT DISTINCT t.first_day, timesheet.period_text(t.first_day, t.last_day) AS period FROM reported AS t) AS p),
    'weeks', (SELECT CASE WHEN count(*) = 1 THEN 'week of ' || to_char(max(p.first_day), 'FMDD Mon YYYY')
                ELSE 'weeks of ' || string_agg(to_char(p.first_day, 'FMDD Mon'), ' and ' ORDER BY p.first_day) || to_char(max(p.first_day), ' YYYY') END
              FROM (SELECT DISTINCT t.first_day FROM reported AS t) AS p),
    'hours', (SELECT coalesce(sum(a.hours), 0.00) FROM agents AS a), 'unconfirmed', (SELECT coalesce(sum(a.unconfirmed), 0.00) FROM agents AS a),
    'more', (SELECT jsonb_build_object('count', count(*)::text, 'hours', coalesce(sum(s.hours), 0.00)::text, 'unconfirmed', coalesce(sum(s.unconfirmed), 0.00)::text,
               'has_unconfirmed', coalesce(sum(s.unconfirmed), 0) > 0)
             FROM sums AS s WHERE s.client_group_id NOT IN (SELECT l.client_group_id FROM listed AS l)),
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'client_group_id', s.client_group_id, 'name', s.name, 'period', timesheet.period_text(s.first_day, s.last_day),
        'time_zone', timesheet.time_zone_label(s.time_zone), 'day_zones', s.day_zones,
      'hours', s.hours::text, 'unconfirmed', s.unconfirmed::text, 'has_unconfirmed', s.unconfirmed > 0, 'is_empty', s.hours = 0,
      'bar', timesheet.percent(s.hours, s.total), 'rest', 100 - timesheet.percent(s.hours, s.total)::int || '',
      'days', d.days, 'has_day_totals', s.agents > 1,
      'agents', coalesce(a.agents, '[]'),
      'has_more_agents', m.agents > 0, 'more_agents', jsonb_build_object('count', m.agents::text, 'hours', m.hours::text,
        'unconfirmed', m.unconfirmed::text, 'has_unconfirmed', m.unconfirmed > 0)
    ) ORDER BY s.place), '[]')
    FROM listed AS s
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('weekday', to_char(s.first_day + n, 'Dy'), 'date', to_char(s.first_day + n, 'FMDD Mon'), 'workday', s.first_day + n,
        'hours', x.hours::text, 'is_zero', x.hours = 0) ORDER BY n) AS days
      FROM generate_series(0, 6) AS n
      CROSS JOIN LATERAL (SELECT coalesce(sum(c.hours), 0.00) AS hours FROM cells AS c WHERE c.client_group_id = s.client_group_id AND c.workday = s.first_day + n) AS x
    ) AS d
    CROSS JOIN LATERAL (
      SELECT count(*) AS agents, coalesce(sum(a.hours), 0.00) AS hours, coalesce(sum(a.unconfirmed), 0.00) AS unconfirmed
      FROM shown AS a WHERE a.client_group_id = s.client_group_id AND NOT a.is_listed
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
      ) ORDER BY a.place) AS agents
      FROM shown AS a WHERE a.client_group_id = s.client_group_id AND a.is_listed
    ) AS a))
$$;
COMMENT ON FUNCTION timesheet.digest_groups(int, date, jsonb, int) IS
  'From timesheet.digest_cells() as JSON, the client groups of a digest with their agents and days, listed in so many bytes of a mail; what is not is summed up: more_agents, more. names, hours and the periods are of all.';

CREATE FUNCTION timesheet.digest_corrections_section(given jsonb, before date, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH cells AS MATERIALIZED (
    SELECT c.* FROM jsonb_to_recordset(given) AS c (week date, client_group_id int, agent_id int, workday date, first_day date, was_seconds bigint, was_hours numeric,
      work_seconds bigint, hours numeric, through_raw_event bigint)
  ), weeks AS MATERIALIZED (
    SELECT c.week, sum(c.was_hours) AS was, sum(c.hours) AS now, count(*) OVER () AS weeks,
      array_agg(DISTINCT c.agent_id) FILTER (WHERE c.work_seconds <> c.was_seconds) AS agents
    FROM cells AS c GROUP BY c.week
  ), reported AS MATERIALIZED (
    SELECT DISTINCT c.week, c.client_group_id, c.first_day, c.through_raw_event FROM cells AS c
  ), agents AS MATERIALIZED (
    -- Whose hours moved, and as they moved: largest remainders give and take a hundredth elsewhere, too.
    SELECT d.*, row_number() OVER by_size AS place,
      sum(400 + timesheet.html_length(d.agent) + timesheet.html_length(d.client_group)) OVER by_size AS bytes
    FROM (
      SELECT c.week, c.agent_id, timesheet.short_name(a.name) AS agent, timesheet.short_name(g.name) AS client_group,
        sum(c.was_hours) AS was, sum(c.hours) AS now, sum(c.work_seconds - c.was_seconds) AS moved, max(abs(c.work_seconds - c.was_seconds)) AS most
      FROM cells AS c JOIN timesheet.agent_names AS a USING (agent_id) JOIN timesheet.client_group_names AS g ON g.client_group_id = c.client_group_id
      GROUP BY c.week, c.agent_id, a.name, c.client_group_id, g.name
    ) AS d
    WHERE d.most >= 36 OR (d.moved <> 0 AND sign(d.moved) = sign(d.now - d.was))
    WINDOW by_size AS (PARTITION BY d.week ORDER BY abs(d.now - d.was) DESC, abs(d.moved) DESC, d.agent, d.agent_id, d.client_group ROWS UNBOUNDED PRECEDING)
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'week', w.week, 'period', p.period,
    'was', w.was::text, 'now', w.now::text, 'difference', abs(w.now - w.was)::text, 'is_more', w.now > w.was, 'is_less', w.now < w.was, 'is_same', w.now = w.was,
    'reasons', coalesce(nullif(timesheet.digest_reasons(w.agents, p.client_groups, p.first_days, p.through_raw_events), ''),
      'entries were moved, or a rule or an assignment was changed'),
    'agents', coalesce(a.agents, '[]'),
    'has_more_agents', a.more > 0, 'more_agents', jsonb_build_object('count', a.more::text, 'was', a.more_was::text, 'now', a.more_now::text),
    'has_rounding', r.rounding <> 0, 'rounding', to_char(r.rounding, 'FMSG9999990.00')
  ) ORDER BY w.week), '[]')
  FROM weeks AS w
  CROSS JOIN LATERAL (
    SELECT array_agg(t.client_group_id ORDER BY t.client_group_id) AS client_groups, array_agg(t.first_day ORDER BY t.client_group_id) AS first_days,
      array_agg(t.through_raw_event ORDER BY t.client_group_id) AS through_raw_events,
      CASE WHEN min(t.first_day) = max(t.first_day) THEN 'week of ' || to_char(min(t.first_day), 'FMDD Mon')
        ELSE 'weeks of ' || (SELECT string_agg(to_char(d.first_day, 'FMDD Mon'), ' and ' ORDER BY d.first_day) FROM (SELECT DISTINCT k.first_day FROM reported AS k WHERE k.week = w.week) AS d) END
        || CASE WHEN extract(year FROM max(t.first_day)) <> extract(year FROM before) THEN to_char(max(t.first_day), ' YYYY') ELSE '' END AS period
    FROM reported AS t WHERE t.week = w.week
  ) AS p
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('name', d.agent, 'client_group', d.client_group, 'was', d.was::text, 'now', d.now::text, 'is_same', d.now = d.was)
        ORDER BY d.client_group, d.agent, d.agent_id) FILTER (WHERE d.is_listed) AS agents,
      count(*) FILTER (WHERE NOT d.is_listed) AS more, coalesce(sum(d.was) FILTER (WHERE NOT d.is_listed), 0.00) AS more_was,
      coalesce(sum(d.now) FILTER (WHERE NOT d.is_listed), 0.00) AS more_now, coalesce(sum(d.now - d.was), 0.00) AS difference
    FROM (SELECT d.*, d.place <= 8 AND d.bytes <= room / w.weeks AS is_listed FROM agents AS d WHERE d.week = w.week) AS d
  ) AS a
  CROSS JOIN LATERAL (SELECT w.now - w.was - a.difference AS rounding) AS r
$$;
COMMENT ON FUNCTION timesheet.digest_corrections_section(jsonb, date, int) IS
  'timesheet.digest_corrections(), given as JSON, as a digest tells it: by week, with what happened and whose hours changed, in so many bytes. What was and what is add up: rounding holds what rounding moved between others.';

CREATE FUNCTION timesheet.digest_notes_section(for_contact int, for_week date, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH noted AS MATERIALIZED (
    SELECT n.*, row_number() OVER first AS place,
      sum(370 + timesheet.html_length(concat(n.agent, n.client_group, n.time_zone, n.sentence))) OVER first AS bytes
    FROM timesheet.digest_notes(for_contact, for_week) AS n
    WINDOW first AS (ORDER BY n.is_open DESC, n.at, n.agent, n.code, n.agent_id ROWS UNBOUNDED PRECEDING)
  ), cut AS MATERIALIZED (
    -- Every session that nobody ended, as far as a mail goes; then others, to 25 in all.
    SELECT n.*, n.bytes <= room AND (n.is_open OR n.place <= 25) AS is_listed FROM noted AS n
  ), more AS MATERIALIZED (
    SELECT c.agent_id, c.agent, count(*) AS notes, row_number() OVER (ORDER BY count(*) FILTER (WHERE c.is_open) DESC, count(*) DESC, c.agent, c.agent_id) AS place,
      concat_ws(', ', timesheet.counted(count(*) FILTER (WHERE c.is_open), 'session without a confirmed end', 'sessions without a confirmed end'),
        timesheet.counted(count(*) FILTER (WHERE NOT c.is_open), 'other note', 'other notes')) AS counts
    FROM cut AS c WHERE NOT c.is_listed GROUP BY c.agent_id, c.agent
  )
  SELECT jsonb_build_object('count', (SELECT count(*) FROM cut AS c), 'more', (SELECT count(*) FROM cut AS c WHERE NOT c.is_listed),
    'listed', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('when', to_char(n.at AT TIME ZONE n.time_zone,
        'Dy FMDD Mon, HH24:MI'), 'time_zone', timesheet.time_zone_label(n.time_zone), 'agent', n.agent,
        'client_group', n.client_group, 'code', n.code, 'text', n.sentence) ORDER BY n.place), '[]') FROM cut AS n WHERE n.is_listed),
    'more_agents', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', m.agent, 'text', m.counts) ORDER BY m.place), '[]') FROM more AS m WHERE m.place <= 10),
    'others', (SELECT coalesce(sum(m.notes), 0) FROM more AS m WHERE m.place > 10))
$$;
COMMENT ON FUNCTION timesheet.digest_notes_section(int, date, int) IS 'timesheet.digest_notes() as a digest tells them, in so many bytes: sessions without a confirmed end first; those left out are counted by agent.';

-- The rows come by their hours.
CREATE FUNCTION timesheet.digest_activities_section(for_contact int, for_week date, room int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
  WITH given AS MATERIALIZED (
    SELECT a.activity, a.hours, max(a.hours) OVER () AS most, row_number() OVER first AS place,
      row_number() OVER first <= 15 AND sum(745 + timesheet.html_length(a.activity)) OVER first <= room AS is_listed
    FROM timesheet.digest_activities(for_contact, for_week) AS a WINDOW first AS (ORDER BY a.hours DESC, a.activity ROWS UNBOUNDED PRECEDING)
  ), more AS (
    SELECT count(*) AS activities, coalesce(sum(g.hours), 0.00) AS hours FROM given AS g WHERE NOT g.is_listed
  ), shares AS MATERIALIZED (
    SELECT timesheet.percents(array_agg(g.hours ORDER BY g.place) || (SELECT m.hours FROM more AS m)) AS percents FROM given AS g WHERE g.is_listed
  )
  SELECT jsonb_build_object(
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', g.activity, 'hours', g.hours::text, 'bar', timesheet.percent(g.hours, g.most),
      'rest', 100 - timesheet.percent(g.hours, g.most)::int || '', 'share', (SELECT s.percents[g.place] FROM shares AS s)::text) ORDER BY g.place), '[]')
      FROM given AS g WHERE g.is_listed),
    'count', m.activities, 'more', jsonb_build_object('count', m.activities::text, 'hours', m.hours::text,
      'share', coalesce((SELECT s.percents[cardinality(s.percents)] FROM shares AS s), 0)::text))
  FROM more AS m
$$;
COMMENT ON FUNCTION timesheet.digest_activities_section(int, date, int) IS 'timesheet.digest_activities() as a digest tells them: the largest 15 in so many bytes, the others in one line. The shares add up to 100.';

-- One statement after another in a STABLE function sees one snapshot: the caller's.
CREATE FUNCTION timesheet.digest_content(for_contact int, for_week date, for_revision int DEFAULT 1) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
  -- Bytes: what is left for client groups and agents is what the rest does not take.
  all_room CONSTANT int := 93000;
  corrections_room CONSTANT int := 16000;
  notes_room CONSTANT int := 20000;
  activities_room CONSTANT int := 12000;
  person timesheet.contacts;
  cells jsonb;
  changed jsonb;
  corrections jsonb;
  notes jsonb;
  activities jsonb;
  groups jsonb;
  names text[];
  total numeric;
  unconfirmed numeric;
  previous numeric;
  noted bigint;
  corrected bigint;
  has_previous boolean;
  is_revised boolean;
  reported jsonb;
BEGIN
  SELECT c.* INTO STRICT person FROM timesheet.contacts AS c WHERE c.contact_id = for_contact;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') INTO cells FROM timesheet.digest_cells(for_contact, for_week) AS c;
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]'), coalesce(max(c.weeks_changed), 0) INTO changed, corrected FROM timesheet.digest_corrections(for_contact, for_week) AS c;
  corrections := timesheet.digest_corrections_section(changed, for_week, corrections_room);
  notes := timesheet.digest_notes_section(for_contact, for_week, notes_room);
  activities := timesheet.digest_activities_section(for_contact, for_week, activities_room);
  groups := timesheet.digest_groups(for_contact, for_week, cells, all_room
    - (SELECT coalesce(sum(1500 + timesheet.html_length(c ->> 'reasons') + (
         SELECT coalesce(sum(400 + timesheet.html_length(concat(a ->> 'name', a ->> 'client_group'))), 0) FROM jsonb_array_elements(c -> 'agents') AS e (a))), 0)::int
       FROM jsonb_array_elements(corrections) AS e (c))
    - (SELECT coalesce(sum(370 + timesheet.html_length(concat(n ->> 'agent', n ->> 'name', n ->> 'client_group', n ->> 'time_zone', n ->> 'text'))), 0)::int
       FROM jsonb_array_elements((notes -> 'listed') || (notes -> 'more_agents')) AS e (n))
    - (SELECT coalesce(sum(745 + timesheet.html_length(a ->> 'name')), 0)::int FROM jsonb_array_elements(activities -> 'listed') AS e (a)));
  IF groups ->> 'names' = '[]' THEN
    RAISE EXCEPTION '% has no client group', person.email
      USING ERRCODE = 'no_data_found', HINT = 'Name its client groups in Airtable and run timesheetd contacts; see timesheet.contact_problems.';
  END IF;
  names := ARRAY(SELECT n FROM jsonb_array_elements_text(groups -> 'names') AS e (n));
  total := groups ->> 'hours';
  unconfirmed := groups ->> 'unconfirmed';
  noted := notes ->> 'count';
  SELECT coalesce(sum(c.hours), 0.00) INTO previous FROM timesheet.digest_cells(for_contact, for_week - 7) AS c;
  -- A week without hours can be compared with, unless there was nothing yet.
  has_previous := previous <> 0 OR EXISTS (
    SELECT FROM timesheet.digest_schedule(for_week, for_week + 1) AS s
    WHERE s.contact_id = for_contact AND (
      EXISTS (SELECT FROM timesheet.time_entries AS e WHERE e.client_group_id = s.client_group_id AND e.workday < s.first_day AND e.deleted_at IS NULL)
      OR EXISTS (SELECT FROM timesheet.hour_entries AS h WHERE h.client_group_id = s.client_group_id AND h.workday < s.first_day AND h.deleted_at IS NULL)));
  -- What never left replaces nothing.
  is_revised := EXISTS (
    SELECT FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = for_contact AND d.week = for_week AND d.revision < for_revision AND d.state IN ('sending', 'sent', 'in_doubt'));

  SELECT jsonb_build_object(
    'through_raw_event', (SELECT s.normalised_through FROM timesheet.ingest_state AS s),
    'groups', (
      SELECT jsonb_agg(DISTINCT jsonb_build_array(t.week, t.client_group_id, t.first_day)) FROM (
        SELECT s.week, s.client_group_id, s.first_day FROM timesheet.digest_schedule(for_week, for_week + 1) AS s WHERE s.contact_id = for_contact
        UNION ALL
        SELECT c.week, c.client_group_id, c.first_day FROM jsonb_to_recordset(changed) AS c (week date, client_group_id int, first_day date)) AS t),
    'figures', (
      SELECT coalesce(jsonb_agg(jsonb_build_array(f.week, f.client_group_id, f.agent_id, f.workday, f.work_seconds, f.unconfirmed_seconds, f.hours)), '[]')
      FROM (
        SELECT for_week AS week, c.* FROM jsonb_to_recordset(cells) AS c (client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
        UNION ALL
        SELECT c.* FROM jsonb_to_recordset(changed)
          AS c (week date, client_group_id int, agent_id int, workday date, work_seconds bigint, unconfirmed_seconds bigint, hours numeric)
        WHERE c.work_seconds <> 0) AS f)) INTO reported;

  RETURN jsonb_build_object(
    'subject', format('%s: %s h in the %s%s', timesheet.digest_title(names), total, groups ->> 'weeks', CASE WHEN is_revised THEN ' (revised)' ELSE '' END),
    'preheader', concat_ws(' ', total || ' h'
        || CASE WHEN NOT has_previous THEN '.' WHEN total = previous THEN ', as much as the week before.'
           ELSE format(', %s h %s than the week before.', abs(total - previous), CASE WHEN total > previous THEN 'more' ELSE 'less' END) END,
      timesheet.counted(noted, 'note', 'notes') || '.',
      timesheet.counted(corrected, 'correction', 'corrections') || ' to earlier weeks.'),
    'title', timesheet.digest_title(names), 'week', for_week, 'revision', for_revision, 'is_revised', is_revised, 'contact_email', person.email,
    'period', groups ->> 'periods', 'time_zones', coalesce(groups ->> 'time_zones',
      timesheet.time_zone_label(groups ->> 'time_zone')), 'is_empty', total = 0, 'many_groups', cardinality(names) > 1)
  || jsonb_build_object(
    'total', jsonb_build_object('hours', total::text, 'previous', previous::text, 'difference', abs(total - previous)::text, 'has_previous', has_previous,
      'is_more', total > previous, 'is_less', total < previous, 'is_same', total = previous, 'unconfirmed', unconfirmed::text, 'has_unconfirmed', unconfirmed > 0),
    'client_groups', groups -> 'listed', 'has_more_groups', jsonb_array_length(groups -> 'listed') < cardinality(names), 'more_groups', groups -> 'more',
    'activities', activities -> 'listed', 'has_more_activities', (activities ->> 'count')::bigint > 0, 'more_activities', activities -> 'more',
    'has_notes', noted > 0, 'notes', notes -> 'listed', 'has_more_notes', (notes ->> 'more')::bigint > 0, 'more_notes', notes ->> 'more',
    'more_note_agents', notes -> 'more_agents', 'has_other_notes', (notes ->> 'others')::bigint > 0, 'other_notes', notes ->> 'others',
    'has_corrections', corrections <> '[]', 'corrections', corrections, 'has_more_corrections', corrected > jsonb_array_length(corrections),
    'more_corrections', (corrected - jsonb_array_length(corrections))::text,
    'as_of', to_char(now() AT TIME ZONE (groups ->> 'time_zone'), 'Dy FMDD Mon YYYY, HH24:MI') || ' ('
      || timesheet.time_zone_label(groups ->> 'time_zone') || ')',
    'reported', reported);
END
$$;
COMMENT ON FUNCTION timesheet.digest_content(int, date, int) IS
  'The digest of a contact for a week (the Monday that is its key) as the templates want it; reported holds the numbers behind it for the outbox. Errors: no_data_found for a contact without client groups.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (25, '0025_digest_content');
