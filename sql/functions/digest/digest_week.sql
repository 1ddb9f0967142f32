-- Which week is reported to a contact, and when. A digest has a key, week: the Monday of the ISO week in which the
-- weeks of its client groups end, so that Monday- and Sunday-based weeks share one e-mail.
--
--            Sun Mon Tue Wed Thu Fri Sat Sun
--   Sunday    [───────────────────────)          both end within the ISO week
--   Monday        [───────────────────────)      that begins at ^, the key
--                 ^
CREATE OR REPLACE FUNCTION timesheet.digest_week(day date, starts_on int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT timesheet.week_start(timesheet.week_start(day, starts_on) + 6, 1)
$$;
COMMENT ON FUNCTION timesheet.digest_week(date, int) IS
  'The key of the digest for the week that holds day and begins on starts_on (ISO, 1 Monday to 7 Sunday).';
CALL timesheet.set_grants('FUNCTION timesheet.digest_week(date, int)');
