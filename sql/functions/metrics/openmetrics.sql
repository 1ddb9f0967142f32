-- https://prometheus.io/docs/specs/om/open_metrics_spec/
CREATE OR REPLACE FUNCTION timesheet.openmetrics() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET extra_float_digits = 1 SET timezone = 'UTC'
  SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres' SET standard_conforming_strings = on
  SET row_security = off
AS $$
  WITH sample AS MATERIALIZED (
    SELECT m.name, m.value, m.labels,
      (SELECT '{' || string_agg(format('%s="%s"', l.key,
          replace(replace(replace(l.value, E'\\', E'\\\\'), '"', E'\\"'), E'\n', E'\\n')), ',' ORDER BY l.key) || '}'
        FROM jsonb_each_text(m.labels) AS l) AS label_text
    FROM timesheet.metrics AS m
  ), family AS (
    SELECT t.place, concat(
      -- An info metric is named without the suffix of its sample.
      '# TYPE ', CASE WHEN t.name ~ '_info$' THEN left(t.name, -5) || ' info' ELSE t.name || ' gauge' END, E'\n',
      CASE WHEN t.name ~ '_seconds$' THEN '# UNIT ' || t.name || E' seconds\n' END,
      '# HELP ', CASE WHEN t.name ~ '_info$' THEN left(t.name, -5) ELSE t.name END, ' ', t.meaning, E'\n',
      string_agg(concat(s.name, s.label_text, ' ', s.value, E'\n'), '' ORDER BY s.label_text)) AS lines
    FROM sample AS s JOIN timesheet.metric_texts() AS t USING (name)
    GROUP BY t.place, t.name, t.meaning
  )
  SELECT coalesce(string_agg(f.lines, '' ORDER BY f.place), '') || E'# EOF\n' FROM family AS f
$$;
COMMENT ON FUNCTION timesheet.openmetrics() IS
  'timesheet.metrics as OpenMetrics text, version 1.0.0, for Prometheus.';
CALL timesheet.set_grants('FUNCTION timesheet.openmetrics()', 'EXECUTE TO timesheet_ingest, timesheet_reader');
