-- What each version of a person or of the organisation said, and from when it is valid: see "History and corrections"
-- in docs/rules.md.
CREATE OR REPLACE FUNCTION timesheet.record_attributes(of_resource text, ids uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
BEGIN
  -- A version that cannot be read is skipped alone, so that a bad old one does not block a good new one.
  INSERT INTO timesheet.ingest_problems (raw_event_id, problem)
  SELECT r.raw_event_id, 'groupId "' || x."groupId" || '" is not in GUID form'
  FROM timesheet.raw_events AS r
  CROSS JOIN LATERAL json_to_record(
    CASE WHEN json_typeof(r.payload) = 'object' THEN timesheet.readable(r.payload) END) AS x ("groupId" text)
  WHERE r.resource = of_resource AND r.jibble_id = ANY (ids)
    AND NOT timesheet.is_usable('groupId', x."groupId")
  ON CONFLICT (raw_event_id) DO NOTHING;

  -- Zones as they came: whether the server knows them is asked where they are used, in timesheet.effective_at().
  INSERT INTO timesheet.attribute_history (raw_event_id, resource, jibble_id, valid_from, fetched_at,
    group_jibble_id, sheet_zone, culture_zone,
    knows_group, names_sheet_zone, names_culture_zone)
  SELECT r.raw_event_id, r.resource, r.jibble_id,
    CASE
      WHEN r.fetched_before IS NULL THEN '-infinity'
      WHEN u.updated_at > r.fetched_before AND u.updated_at <= r.fetched_at THEN u.updated_at
      ELSE r.fetched_at
    END,
    r.fetched_at, timesheet.read_id(x."groupId"), z.sheet, z.culture,
    c.payload -> 'groupId' IS NOT NULL,
    own.payload -> 'timeSheetTimeZone' IS NOT NULL
    OR own.payload -> 'ICalculationSettings/TimeSheetTimeZone' IS NOT NULL,
    own.payload -> 'timeZone' IS NOT NULL OR own.payload -> 'ICultureSettings/TimeZone' IS NOT NULL
  FROM (
    SELECT r.*, lag(r.fetched_at) OVER (PARTITION BY r.jibble_id ORDER BY r.raw_event_id) AS fetched_before
    FROM timesheet.raw_events AS r
    WHERE r.resource = of_resource AND r.jibble_id = ANY (ids) AND json_typeof(r.payload) = 'object'
      AND NOT EXISTS (SELECT FROM timesheet.ingest_problems AS p WHERE p.raw_event_id = r.raw_event_id)
  ) AS r
  CROSS JOIN LATERAL (SELECT timesheet.readable(r.payload)) AS own (payload)
  CROSS JOIN LATERAL (
    SELECT timesheet.with_known_members(own.payload, r.resource, r.jibble_id, r.raw_event_id)) AS c (payload)
  CROSS JOIN LATERAL json_to_record(c.payload) AS x (
    "groupId" text, "updatedAt" text, "timeSheetTimeZone" text, "timeZone" text,
    "ICalculationSettings/TimeSheetTimeZone" text, "ICultureSettings/TimeZone" text)
  CROSS JOIN LATERAL (SELECT timesheet.instant_or_null(x."updatedAt")) AS u (updated_at)
  CROSS JOIN LATERAL (SELECT
    coalesce(nullif(btrim(x."timeSheetTimeZone"), ''), nullif(btrim(x."ICalculationSettings/TimeSheetTimeZone"), '')),
    coalesce(nullif(btrim(x."timeZone"), ''), nullif(btrim(x."ICultureSettings/TimeZone"), ''))) AS z (sheet, culture)
  WHERE NOT EXISTS (SELECT FROM timesheet.attribute_history AS o WHERE o.raw_event_id = r.raw_event_id)
  ORDER BY r.raw_event_id;
END
$$;
COMMENT ON FUNCTION timesheet.record_attributes(text, uuid[]) IS
  'Fills timesheet.attribute_history from the stored versions of these objects.';
CALL timesheet.set_grants('FUNCTION timesheet.record_attributes(text, uuid[])');
