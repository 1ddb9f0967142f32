-- An alert for each person whose entries are held, and one for each list that came empty.
CREATE OR REPLACE FUNCTION timesheet.update_deletion_alerts() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  held record;
  subjects text[] := '{contacts}'; -- that one is raised and resolved by timesheet.store_contacts()
BEGIN
  FOR held IN
    SELECT coalesce(h.list, 'agent ' || a.agent_id, 'person ' || h.person_id, 'person without an id') AS subject,
      h.list, bool_or(h.reason = 'person_deleted') AS is_person_gone,
      CASE WHEN a.full_name IS NOT NULL THEN l.label END AS name, count(*) AS number,
      min(coalesce(t.belongs_to_date, t.workday, d.workday)::text) AS first,
        max(coalesce(t.belongs_to_date, t.workday, d.workday)::text) AS last
    FROM (SELECT o.reason, o.resource, o.jibble_id, CASE WHEN o.reason = 'nothing_listed' THEN o.resource END AS list,
            CASE WHEN o.reason <> 'nothing_listed' THEN o.person_id END AS person_id
          FROM timesheet.held_deletions AS o WHERE o.kept_at IS NULL) AS h
    LEFT JOIN timesheet.agents AS a ON a.jibble_id = h.person_id
    LEFT JOIN timesheet.agent_labels AS l ON l.agent_id = a.agent_id
    LEFT JOIN timesheet.time_entries AS t ON h.resource = 'TimeEntries' AND t.jibble_activity_id = h.jibble_id
    LEFT JOIN timesheet.hour_entries AS d ON h.resource = 'HourEntries' AND d.jibble_id = h.jibble_id
    GROUP BY h.list, h.person_id, a.full_name, l.label, a.agent_id
  LOOP
    subjects := subjects || held.subject;
    PERFORM timesheet.raise_alert('deletions_held', held.subject,
      CASE WHEN held.list IS NOT NULL THEN
        format('Jibble lists no %s%s, though %s known; nothing was deleted. If you are sure that the API key may read '
          'everything and that they are to be deleted',
          CASE held.list WHEN 'TimeEntries' THEN 'time entries' WHEN 'HourEntries' THEN 'hour entries'
            WHEN 'People' THEN 'people' WHEN 'Groups' THEN 'groups' ELSE 'activities' END,
          ' for ' || timesheet.period_text(held.first::date, held.last::date),
          CASE held.number WHEN 1 THEN '1 is' ELSE held.number || ' are' END)
      ELSE
        format(CASE WHEN held.is_person_gone
          THEN 'Jibble no longer shows %s of %s, nor the person; they still count. If they are to be deleted'
          ELSE 'Jibble no longer shows %s of %s, and shows the entries of one other person only; they still count. '
            'If you are sure that the API key may read everybody''s entries and that they are to be deleted' END,
          CASE held.number WHEN 1 THEN '1 entry' ELSE held.number || ' entries' END,
            coalesce(held.name, 'a person whose name is not known'))
      END || format(', run timesheetd sync%s --allow-mass-deletion', ' --since ' || held.first || ' --until '
        || held.last));
  END LOOP;
  PERFORM timesheet.resolve_alert('deletions_held', o.subject) FROM timesheet.alerts AS o
  WHERE o.kind = 'deletions_held' AND o.resolved_at IS NULL AND o.subject <> ALL (subjects);
END
$$;
COMMENT ON FUNCTION timesheet.update_deletion_alerts() IS
  'Raises an alert deletions_held for each person whose entries are in timesheet.held_deletions ("agent 12") and for '
  'each list that came empty ("TimeEntries"), and resolves those whose cause is over.';
CALL timesheet.set_grants('FUNCTION timesheet.update_deletion_alerts()');
