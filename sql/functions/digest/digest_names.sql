-- Kept apart among what the e-mail shows, and not among all that there is: a client learns nothing of the others.
CREATE OR REPLACE FUNCTION timesheet.digest_names(for_contact int, for_week date, VARIADIC given jsonb[]) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT jsonb_build_object(
    'agents', (
      SELECT coalesce(jsonb_object_agg(n.id, n.name), '{}')
      FROM (
        SELECT array_agg(a.agent_id) AS ids, array_agg(timesheet.short_name(a.name)) AS names,
          array_agg(a.code) AS codes, array_agg(a.email) AS emails
        FROM timesheet.agent_names AS a
        WHERE a.agent_id IN (SELECT (c.cell ->> 'agent_id')::int
          FROM unnest(given) AS g (cells) CROSS JOIN LATERAL jsonb_array_elements(g.cells) AS c (cell))
      ) AS s
      CROSS JOIN LATERAL timesheet.distinct_names(s.ids, s.names, s.codes, s.emails) AS n),
    'client_groups', (
      SELECT coalesce(jsonb_object_agg(n.id, n.name), '{}')
      FROM (
        SELECT array_agg(g.key) AS ids, array_agg(timesheet.short_name(g.name)) AS names, array_agg(g.code) AS codes
        FROM timesheet.client_group_names AS g
        WHERE g.key IN (
          SELECT d.client_group_id FROM timesheet.digest_schedule(for_week, for_week + 1) AS d
          WHERE d.contact_id = for_contact
          UNION
          SELECT (c.cell ->> 'client_group_id')::int
          FROM unnest(given) AS g (cells) CROSS JOIN LATERAL jsonb_array_elements(g.cells) AS c (cell))
      ) AS s
      CROSS JOIN LATERAL timesheet.distinct_names(s.ids, s.names, s.codes, NULL) AS n))
$$;
COMMENT ON FUNCTION timesheet.digest_names(int, date, jsonb[]) IS
  'The names that a digest shows, by id: agents, those of the rows given as JSON (they have an agent_id), and '
  'client_groups, those of the contact''s week and of the rows. Shortened, and no two alike: see '
  'timesheet.distinct_names().';
CALL timesheet.set_grants('FUNCTION timesheet.digest_names(int, date, jsonb[])');
