CREATE OR REPLACE FUNCTION timesheet.inactive_group_problems(group_field text)
RETURNS TABLE (n bigint, record_id text, id text, problem text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
  WITH mapped AS MATERIALIZED (
    SELECT g.n, g.record_id, g.named, u.id, CASE WHEN g.is_email AND g.emails = 1 THEN g.email END AS email
    FROM pg_temp.given AS g CROSS JOIN LATERAL unnest(g.named) AS u (id)
  ), served AS MATERIALIZED (
    SELECT DISTINCT m.email FROM mapped AS m JOIN timesheet.client_groups AS c ON c.jibble_id::text = m.id
    WHERE c.status IS DISTINCT FROM 'Archived'
  )
  SELECT m.n, m.record_id, m.id, concat(
    CASE WHEN i.is_gone THEN 'Jibble no longer has ' ELSE 'Jibble has archived ' END,
    coalesce('the client group "' || left(i.name, 200) || '"', 'this client group'), CASE
      WHEN i.successor::text = ANY (m.named)
        THEN format('; the active one of this name is in the field "%s" too, so take this id out of it', group_field)
      WHEN i.successor IS NOT NULL
        THEN format('; the active one of this name has the id %s: put it in place of this one in the field "%s"',
          i.successor, group_field)
      WHEN i.namesakes > 1
        THEN format('; %s active ones have this name: put the id of the right one in place of this one in the field '
          '"%s"', i.namesakes, group_field)
      ELSE format('; put the id of another in place of this one in the field "%s", or take it out', group_field) END,
    CASE WHEN m.email IS NOT NULL AND s.email IS NULL
      THEN '. The contact has no active client group, and gets no digest of weeks without hours' END)
  FROM mapped AS m JOIN timesheet.inactive_client_groups() AS i ON i.jibble_id::text = m.id
  LEFT JOIN served AS s USING (email)
$$;
COMMENT ON FUNCTION timesheet.inactive_group_problems(text) IS
  'What is wrong with the records in pg_temp.given, which timesheet.store_contacts() makes, that name a client group '
  'that Jibble has archived or no longer has: the record, the id, and which one to put in its place.';
CALL timesheet.set_grants('FUNCTION timesheet.inactive_group_problems(text)');
