-- Whom the list does not name any more gets no briefing, also where removals of contacts are held back.
CREATE OR REPLACE FUNCTION timesheet.store_supervisors() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  CREATE TEMP TABLE pg_temp.supervising ON COMMIT DROP AS
  SELECT DISTINCT s.address AS email, c.client_group_id
  FROM pg_temp.given AS g CROSS JOIN LATERAL unnest(g.supervisors) AS s (address)
  JOIN timesheet.client_groups AS c ON c.jibble_id::text = ANY (g.named)
  WHERE timesheet.is_email(s.address);
  DELETE FROM timesheet.supervisors AS p
  WHERE NOT EXISTS (SELECT FROM pg_temp.supervising AS s
                    WHERE s.email = p.email AND s.client_group_id = p.client_group_id);
  INSERT INTO timesheet.supervisors (email, client_group_id)
  SELECT s.email, s.client_group_id FROM pg_temp.supervising AS s ON CONFLICT DO NOTHING;
  DROP TABLE pg_temp.supervising;
END
$$;
COMMENT ON FUNCTION timesheet.store_supervisors() IS
  'Makes the supervisors what the records in pg_temp.given say, which timesheet.store_contacts() makes: each address '
  'for the client groups of its record.';
CALL timesheet.set_grants('FUNCTION timesheet.store_supervisors()');
