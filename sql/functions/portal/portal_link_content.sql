CREATE OR REPLACE FUNCTION timesheet.portal_link_content(for_contact int) RETURNS jsonb
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
  SET standard_conforming_strings = on SET row_security = off
AS $$
  SELECT jsonb_build_object('subject', 'Your link to your hours',
    'clients', coalesce(jsonb_agg(n.name ORDER BY n.place) FILTER (WHERE n.place <= 5), '[]'),
    'has_others', count(*) > 5, 'others', coalesce('and ' || timesheet.count_text(count(*) - 5, 'other', 'others'), ''),
    'days', (SELECT s.portal_link_days FROM timesheet.settings AS s))
  FROM (
    SELECT timesheet.short_name(c.name) AS name, row_number() OVER (ORDER BY c.name, c.client_group_id) AS place
    FROM timesheet.client_groups_shown(timesheet.client_groups_of_contact(for_contact)) AS c
  ) AS n
$$;
COMMENT ON FUNCTION timesheet.portal_link_content(int) IS
  'The e-mail with a fresh link to the portal as its templates want it: the first five names of the contact''s client '
  'groups, how many others there are, in words, and for how many days the link is valid.';
CALL timesheet.set_grants('FUNCTION timesheet.portal_link_content(int)');
