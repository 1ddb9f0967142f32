CREATE OR REPLACE FUNCTION timesheet.normalise_groups(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  INSERT INTO timesheet.client_groups AS g (jibble_id, name, code, status)
  SELECT v.jibble_id, x.name, x.code, CASE WHEN v.found_gone THEN 'Archived' ELSE x.status END
  FROM timesheet.current_versions('Groups', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x (name text, code text, status text)
  ORDER BY v.raw_event_id
  ON CONFLICT (jibble_id) DO UPDATE SET name = excluded.name, code = excluded.code, status = excluded.status
  WHERE (g.name, g.code, g.status) IS DISTINCT FROM (excluded.name, excluded.code, excluded.status);
  INSERT INTO timesheet.client_groups AS g (jibble_id, status)
  SELECT n.jibble_id, 'Archived' FROM timesheet.never_described('Groups', ids) AS n WHERE n.found_gone
  ON CONFLICT (jibble_id) DO UPDATE SET status = excluded.status WHERE g.status IS DISTINCT FROM excluded.status;
  UPDATE timesheet.client_groups AS g SET status = NULL FROM timesheet.never_described('Groups', ids) AS n
  WHERE g.jibble_id = n.jibble_id AND NOT n.found_gone AND g.status IS NOT NULL;
  RETURN 0;
END
$$;
COMMENT ON FUNCTION timesheet.normalise_groups(uuid[]) IS 'Writes client groups of these Jibble ids from their current versions. Returns how many were newly found deleted; raises at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.normalise_groups(uuid[])');
