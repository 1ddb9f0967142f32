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
        THEN format('; the active one of this name is in the field "%s" too: %s', group_field, l.later)
      WHEN i.successor IS NOT NULL
        THEN format('; the active one of this name has the id %s: add it in the field "%s", and %s',
          i.successor, group_field, l.later)
      WHEN i.namesakes > 1
        THEN format('; %s active ones have this name: add the id of the right one in the field "%s", and %s',
          i.namesakes, group_field, l.later)
      ELSE format('; add the id of another in the field "%s", and %s', group_field, l.later) END,
    CASE WHEN m.email IS NOT NULL AND s.email IS NULL
      THEN '. The contact has no active client group, and gets no digest of weeks without hours' END)
  FROM mapped AS m JOIN timesheet.inactive_client_groups() AS i ON i.jibble_id::text = m.id
  LEFT JOIN served AS s USING (email)
  CROSS JOIN (VALUES ('take this one out once its last week with hours was reported')) AS l (later)
$$;
COMMENT ON FUNCTION timesheet.inactive_group_problems(text) IS
  'What is wrong with the records in pg_temp.given, which timesheet.store_contacts() makes, that name a client group '
  'that Jibble has archived or no longer has: the record, the id, and which one to add.';
CALL timesheet.set_grants('FUNCTION timesheet.inactive_group_problems(text)');
