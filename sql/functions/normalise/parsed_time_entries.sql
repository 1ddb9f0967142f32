CREATE OR REPLACE FUNCTION timesheet.parsed_time_entries(ids uuid[])
RETURNS TABLE (jibble_id uuid, person_id uuid, activity_jibble_id uuid, type text, client_type text, at timestamptz,
  utc_offset interval, belongs_to date, is_manual boolean, created_at timestamptz, updated_at timestamptz,
  deleted_at timestamptz)
LANGUAGE sql STABLE -- without a SET clause, so that the planner inlines it and plans it once for all batches
AS $$
  SELECT v.jibble_id, timesheet.read_id(x."personId"), timesheet.read_id(x."activityId"),
    x.type, x."clientType",
    -- Words such as "now" or "infinity" are instants to PostgreSQL but not to Jibble.
    CASE WHEN timesheet.is_utc_instant(x.time) AND x.time COLLATE "C" >= '1900' AND x.time COLLATE "C" < '3'
         THEN timesheet.cut_to_microseconds(x.time)::timestamptz
         WHEN x.time !~ ('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
           '(Z|[+-][0-9]{2}:?[0-9]{2})?$')
         THEN ('not ISO: ' || x.time)::timestamptz
         WHEN left(x.time, 4)::int NOT BETWEEN 1900 AND 2999
         THEN timesheet.reject(format('the time "%s" is not from 1900 to 2999', left(x.time, 80)))::timestamptz
         ELSE timesheet.cut_to_microseconds(x.time)::timestamptz END,
    CASE WHEN o.utc_offset BETWEEN '-18:00' AND '18:00' THEN o.utc_offset END,
    -- The first form is that of most, and costs half as much to see.
    CASE WHEN x."belongsToDate" LIKE '____-__-__' AND x."belongsToDate" !~ '[^0-9-]'
           AND x."belongsToDate" NOT LIKE '%-%-%-%' THEN x."belongsToDate"::date
         WHEN x."belongsToDate" !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$' THEN ('not ISO: ' || x."belongsToDate")::date
         ELSE left(x."belongsToDate", 10)::date END,
    -- These are worth knowing, but not worth refusing an entry for.
    CASE WHEN x."isManual" IN ('true', 'false') THEN x."isManual"::boolean END,
    o.created_at, CASE WHEN x."updatedAt" = x."createdAt" THEN o.created_at
      ELSE timesheet.instant_or_null(x."updatedAt") END,
    CASE WHEN v.found_deleted OR x.status = 'Archived' THEN v.last_fetched_at END
  FROM timesheet.current_versions('TimeEntries', ids) AS v
  CROSS JOIN LATERAL json_to_record(v.payload) AS x (
    "personId" text, "activityId" text, type text, "clientType" text, "time" text, "offset" text, "belongsToDate" text,
    "isManual" text, "createdAt" text, "updatedAt" text, status text)
  CROSS JOIN LATERAL (
    SELECT CASE
        WHEN x."offset" ~ '^PT1?[0-9]H$' THEN x."offset"::interval -- the form of most
        WHEN x."offset" ~ '^-PT([0-9]{1,2}H)?([0-9]{1,2}M)?([0-9]{1,2}S)?$' AND x."offset" ~ '[0-9]'
        THEN -(substr(x."offset", 2)::interval)
        WHEN x."offset" ~ '^PT(-?[0-9]{1,2}H)?(-?[0-9]{1,2}M)?(-?[0-9]{1,2}S)?$' AND x."offset" ~ '[0-9]'
        THEN x."offset"::interval END,
      timesheet.instant_or_null(x."createdAt")
    OFFSET 0 -- each once, not in each place that names it
  ) AS o (utc_offset, created_at)
$$;
COMMENT ON FUNCTION timesheet.parsed_time_entries(uuid[]) IS
  'The current versions of these time entries in our types, deleted_at for those that are archived or deleted; raises '
  'at the first that cannot be understood.';
CALL timesheet.set_grants('FUNCTION timesheet.parsed_time_entries(uuid[])');
