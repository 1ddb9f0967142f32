-- The shortest runs of adjacent days, beginning with the first day that has one, whose differences cancel. Two days may
-- do so for any reason; more days only as nights in a row, where each figure is ours cut at midnight:
--   day             1     2     3     4     5     6     7     8
--   difference     +6 h  +2 h  -2 h  -6 h   .    +6 h  -1 h  -5 h
--   cut at midnight yes   yes   yes   yes         no    no    no
--   sum            +6 h  +8 h  +6 h   0          +6 h  +5 h   0     so: 1 to 4, and 6 to 8 differ.
-- A day that agrees, or that cannot be compared, is not among the days and ends a run.
CREATE OR REPLACE FUNCTION timesheet.cancelling_runs(days date[], differences bigint[], without_manual bigint[],
  cut_at_midnight boolean[])
RETURNS TABLE (first_day date, last_day date)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  first int := 1;
  last int;
  total bigint;
  total_without_manual bigint;
  is_cut boolean;
BEGIN
  WHILE first < cardinality(days) LOOP
    total := differences[first];
    total_without_manual := without_manual[first];
    is_cut := cut_at_midnight[first];
    last := first;
    LOOP
      last := last + 1;
      EXIT WHEN last > cardinality(days) OR days[last] <> days[first] + (last - first);
      total := total + differences[last];
      total_without_manual := total_without_manual + without_manual[last];
      is_cut := is_cut AND cut_at_midnight[last];
      EXIT WHEN last > first + 1 AND NOT is_cut;
      IF least(abs(total), abs(total_without_manual)) <= 60 THEN
        first_day := days[first];
        last_day := days[last];
        RETURN NEXT;
        first := last;
        EXIT;
      END IF;
    END LOOP;
    first := first + 1;
  END LOOP;
END
$$;
COMMENT ON FUNCTION timesheet.cancelling_runs(date[], bigint[], bigint[], boolean[]) IS
  'Of days in ascending order, with our seconds less Jibble''s, manual ones included and not, and whether Jibble''s '
  'figure is ours cut at midnight: the runs of two adjacent days, or of more where all are cut, over which the '
  'differences sum up to at most 60 seconds.';
CALL timesheet.set_grants('FUNCTION timesheet.cancelling_runs(date[], bigint[], bigint[], boolean[])');
