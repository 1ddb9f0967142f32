-- Interface (docs/architecture.md): the tables, columns and functions that others rely on, by name and type.
\ir setup.sql
SELECT plan(68);

CREATE FUNCTION spec.has_columns(table_name name, VARIADIC columns text[]) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT bag_has(
    format('SELECT a.attname || %L || format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
            WHERE a.attrelid = %L::regclass AND a.attnum > 0 AND NOT a.attisdropped', ' ', 'timesheet.' || table_name),
    format('SELECT unnest(%L::text[])', columns), table_name || ' has the columns of the interface')
$$;
SELECT has_columns('agents', 'agent_id integer', 'jibble_id uuid', 'full_name text', 'email text', 'status text',
  'time_zone text', 'client_group_id integer');
SELECT has_columns('client_groups', 'client_group_id integer', 'jibble_id uuid', 'name text', 'code text',
  'status text', 'time_zone text', 'week_starts_on integer');
SELECT has_columns('activities', 'activity_id integer', 'jibble_id uuid', 'code text', 'name text');
SELECT has_columns('time_entries', 'jibble_activity_id uuid', 'agent_id integer', 'client_group_id integer',
  'activity_id integer',
  'start_time_utc timestamp with time zone', 'utc_offset interval', 'time_zone text', 'raw_type text',
  'client_type text',
  'belongs_to_date date', 'workday date', 'workday_end timestamp with time zone',
  'deleted_at timestamp with time zone');
SELECT has_columns('raw_events', 'resource text', 'jibble_id uuid', 'payload json',
  'fetched_at timestamp with time zone', 'ingest_run_id bigint');
SELECT has_columns('weekly_report', 'week_start date', 'client_group text', 'client_group_code text', 'agent text',
  'activity text', 'hours numeric',
  'unconfirmed_hours numeric', 'break_hours numeric', 'sessions integer', 'incomplete_sessions integer',
  'work_seconds bigint', 'client_group_id integer',
  'agent_id integer', 'activity_id integer', 'client_group_jibble_id uuid', 'agent_jibble_id uuid',
  'activity_jibble_id uuid');
SELECT has_columns('daily_report', 'workday date', 'client_group text', 'client_group_code text', 'agent text',
  'activity text', 'hours numeric',
  'unconfirmed_hours numeric', 'break_hours numeric', 'sessions integer', 'incomplete_sessions integer');
SELECT has_columns('attendance', 'agent text', 'workday date', 'work_hours numeric', 'break_hours numeric',
  'notes text', 'client_groups text[]');
SELECT has_columns('metrics', 'name text', 'labels jsonb', 'value double precision');
SELECT has_view('timesheet', 'session_log', 'the session log is there');
SELECT has_view('timesheet', 'feed_health', 'and how the feed is');
SELECT has_function('timesheet', 'refresh', ARRAY[]::text[], 'refresh can be called');
SELECT has_columns('ingest_runs', 'status text', 'error text');
SELECT has_columns('settings', 'day_cutoff time without time zone', 'max_session interval', 'overnight_switch interval',
  'missing_clock_out text',
  'long_session interval', 'week_starts_on integer', 'default_time_zone text', 'activity_after_break text',
  'portal_link_days integer', 'briefing_time time without time zone');
SELECT has_columns('settings', 'alert_pause interval', 'pass_silence interval');
SELECT has_columns('alerts', 'alert_id bigint', 'kind text', 'subject text', 'since timestamp with time zone',
  'detail text', 'acknowledged_at timestamp with time zone', 'acknowledged_by text',
  'resolved_at timestamp with time zone');
SELECT has_columns('alert_messages', 'alert_id bigint', 'way text', 'event text', 'state text',
  'queued_at timestamp with time zone', 'sent_at timestamp with time zone', 'error text');
SELECT col_is_pk('timesheet', 'agents', 'agent_id', 'agents are known by agent_id');
SELECT col_is_pk('timesheet', 'client_groups', 'client_group_id', 'client groups are known by client_group_id');
SELECT col_is_pk('timesheet', 'activities', 'activity_id', 'activities are known by activity_id');
SELECT has_columns('audit_findings', 'agent_id integer', 'day date', 'our_seconds bigint', 'jibble_seconds bigint',
  'kind text', 'detail text', 'audited_at timestamp with time zone');
SELECT col_is_pk('timesheet', 'audit_findings', ARRAY['agent_id', 'day'], 'a day of an agent has one finding');
SELECT col_is_unique('timesheet', 'agents', 'jibble_id', 'a person is one agent');
SELECT col_is_unique('timesheet', 'client_groups', 'jibble_id', 'a Jibble group is one client group');
SELECT col_is_unique('timesheet', 'activities', 'jibble_id', 'a Jibble activity is one activity');
SELECT col_is_pk('timesheet', 'time_entries', 'jibble_activity_id', 'an event is stored once');
SELECT results_eq('SELECT day_cutoff, max_session, overnight_switch, missing_clock_out, long_session, week_starts_on, '
  'activity_after_break FROM timesheet.settings',
  $$VALUES ('00:00'::time, '16 hours'::interval, '6 hours'::interval, 'day_end', '12 hours'::interval, 1, 'as_sent')$$,
  'settings begin with the defaults, in one row');

CREATE FUNCTION spec.returns(signature text, expected text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is(pg_get_function_result(to_regprocedure(signature)), expected,
    signature || ' returns the columns of the interface')
$$;
SELECT returns('timesheet.sessions(date, date, integer, timestamptz)',
  'TABLE(agent_id integer, client_group_id integer, activity_id integer, workday date, kind text, started_at timestamp '
  'with time zone, ended_at timestamp with time zone, seconds bigint, end_reason text, is_complete boolean, '
  'jibble_activity_id uuid)');
SELECT returns('timesheet.daily_hours(date, date, integer, timestamptz)',
  'TABLE(workday date, agent_id integer, client_group_id integer, activity_id integer, work_seconds bigint, '
  'unconfirmed_seconds bigint, break_seconds bigint, manual_seconds bigint, session_count integer, incomplete_count '
  'integer)');
SELECT returns('timesheet.weekly_hours(date, date, integer, timestamptz)',
  'TABLE(week_start date, agent_id integer, client_group_id integer, activity_id integer, work_seconds bigint, '
  'unconfirmed_seconds bigint, break_seconds bigint, manual_seconds bigint, session_count integer, incomplete_count '
  'integer)');
SELECT returns('timesheet.notes(date, date, integer, timestamptz)',
  'TABLE(workday date, agent_id integer, client_group_id integer, code text, at timestamp with time zone, detail text, '
  'jibble_activity_id uuid)');
SELECT returns('timesheet.set_working_time(date, integer, integer, text, time)', 'bigint');
SELECT returns('timesheet.assign_client_group(integer, integer, timestamptz)', 'bigint');
SELECT has_function('timesheet', 'replay', ARRAY['date', 'date'], 'replay can be called');
SELECT returns('timesheet.schedule_poller(text, date)', 'bigint');
SELECT returns('timesheet.unschedule_poller()', 'bigint');
SELECT returns('timesheet.alert_texts(text)', 'record');
SELECT returns('timesheet.update_alerts()', 'void');
SELECT returns('timesheet.queue_notifications(text[], boolean, text)', 'integer');
SELECT returns('timesheet.record_pass(text, text)', 'void');
SELECT returns('timesheet.webhook_json(text, text)', 'text');
SELECT returns('timesheet.operate_acknowledge_alert(text, bigint, uuid)', 'void');

-- What a token may read: the reports' columns in their order, without Jibble's ids.
CREATE FUNCTION spec.has_columns_of(report name, call text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is(
    (SELECT string_agg(x.name || ' ' || format_type(x.type, NULL), ', ' ORDER BY x.n)
     FROM pg_proc AS p CROSS JOIN LATERAL unnest(p.proargnames, p.proallargtypes, p.proargmodes) WITH ORDINALITY
       AS x (name, type, mode, n)
     WHERE p.oid = ('timesheet.' || call)::regprocedure AND x.mode = 't'),
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, NULL), ', ' ORDER BY a.attnum)
     FROM pg_attribute AS a
     WHERE a.attrelid = ('timesheet.' || report)::regclass AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attname NOT LIKE '%jibble_id'),
    call || ' has the columns of ' || report)
$$;
SELECT has_columns_of('weekly_report', 'portal_weekly(text, date, date)');
SELECT has_columns_of('daily_report', 'portal_daily(text, date, date)');
SELECT has_columns_of('attendance', 'portal_attendance(text, date, date)');
SELECT returns('timesheet.portal_session(text)', 'TABLE(valid_until timestamp with time zone, client_group_id integer, '
  'client_group text, time_zone text, week_starts_on integer, as_of timestamp with time zone)');
SELECT returns('timesheet.portal_notes(text, date, date)', 'TABLE(workday date, agent text, client_group text, code '
  'text, at timestamp with time zone, detail text)');
SELECT returns('timesheet.portal_digests(text)', 'TABLE(delivery bigint, week date, sent_at timestamp with time zone, '
  'subject text, html text)');
SELECT returns('timesheet.portal_opened(text)', 'void');
SELECT returns('timesheet.portal_request_link(text)', 'void');
SELECT returns('timesheet.operate_revoke_portal_links(text, text, uuid)', 'integer');

CREATE FUNCTION spec.refuses(change text, named text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT throws_like('UPDATE timesheet.settings SET ' || change, '%' || named || '%', 'settings refuse ' || change)
$$;
SELECT refuses($$max_session = '49:00'$$, 'max_session_must_be_positive_and_at_most_48_hours');
SELECT refuses($$max_session = '1 day'$$, 'max_session_must_be_in_hours_without_days_or_months');
SELECT refuses($$overnight_switch = '0'$$, 'overnight_switch_must_be_positive_and_at_most_48_hours');
SELECT refuses($$overnight_switch = '17:00'$$, 'overnight_switch_must_not_exceed_max_session');
SELECT refuses($$long_session = '17:00'$$, 'long_session_must_not_exceed_max_session');
SELECT refuses($$day_cutoff = '24:00'$$, 'day_cutoff_must_be_below_24_00');
SELECT refuses($$alert_pause = '0'$$, 'alert_pause_must_be_positive_and_at_most_24_hours');
SELECT refuses($$alert_pause = '24:00:01'$$, 'alert_pause_must_be_positive_and_at_most_24_hours');
SELECT refuses($$alert_pause = '1 day'$$, 'alert_pause_must_be_in_hours_without_days_or_months');
SELECT refuses($$pass_silence = '-1 s'$$, 'pass_silence_must_be_positive_and_at_most_24_hours');
SELECT refuses($$pass_silence = '25:00'$$, 'pass_silence_must_be_positive_and_at_most_24_hours');
SELECT refuses($$pass_silence = '1 day'$$, 'pass_silence_must_be_in_hours_without_days_or_months');
SELECT refuses($$missing_clock_out = 'guess'$$, 'missing_clock_out_must_be_day_end_or_zero');
SELECT refuses($$activity_after_break = 'carried on'$$, 'activity_after_break_must_be_as_sent_or_carried_on');
SELECT refuses($$week_starts_on = 0$$, 'week_starts_on_must_be_1_monday_to_7_sunday');
SELECT refuses($$default_time_zone = 'Manila+8'$$, 'default_time_zone_must_be_in_pg_timezone_names');
SELECT throws_ok($$SELECT timesheet.use_engine('fast')$$, '22023', NULL, 'an unknown engine is refused');

SELECT * FROM finish();
ROLLBACK;
