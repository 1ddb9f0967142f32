-- The server's zones are not ours: a restore or an update of them may take one away, or bring what was missing.
CREATE OR REPLACE FUNCTION timesheet.agents_of_changed_zones() RETURNS int[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT array_agg(DISTINCT t.agent_id) FROM timesheet.agent_history AS t
  WHERE t.time_zone IN (SELECT z.zone FROM (SELECT DISTINCT k.time_zone AS zone FROM timesheet.agent_history AS k) AS z
                        WHERE timesheet.usable_time_zone(z.zone) IS DISTINCT FROM z.zone)
     OR t.unknown_time_zone IN (SELECT z.given
                                FROM (SELECT DISTINCT k.unknown_time_zone AS given FROM timesheet.agent_history AS k
                                                     WHERE k.unknown_time_zone IS NOT NULL) AS z
                                -- Neither our own offsets, which effective_at() takes from us alone, nor a text
                                -- that it cut.
                                WHERE z.given NOT LIKE '<%' AND length(z.given) < 80
                                  AND timesheet.canonical_time_zone(z.given) IS NOT NULL)
$$;
COMMENT ON FUNCTION timesheet.agents_of_changed_zones() IS
  'Agents whose history uses a zone that this server no longer knows, or lacks one that it knows by now; null if '
  'there are none.';
CALL timesheet.set_grants('FUNCTION timesheet.agents_of_changed_zones()');
