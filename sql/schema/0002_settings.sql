-- Release: 0.1.0
-- The settings.

-- The agency's rules that are not Jibble's: one row, validated here so that both engines can trust it.
CREATE TABLE timesheet.settings (
  singleton         boolean PRIMARY KEY DEFAULT true
    CONSTRAINT settings_is_a_single_row CHECK (singleton),
  day_cutoff        time NOT NULL DEFAULT '00:00'
    CONSTRAINT day_cutoff_must_be_below_24_00 CHECK (day_cutoff < '24:00'),
  max_session       interval NOT NULL DEFAULT '16:00'
    CONSTRAINT max_session_must_be_positive_and_at_most_48_hours
      CHECK (max_session > '0' AND max_session <= '48:00')
    CONSTRAINT max_session_must_be_in_hours_without_days_or_months
      CHECK (extract(day FROM max_session) = 0 AND extract(month FROM max_session) = 0
        AND extract(year FROM max_session) = 0),
  overnight_switch  interval NOT NULL DEFAULT '06:00'
    CONSTRAINT overnight_switch_must_be_positive_and_at_most_48_hours
      CHECK (overnight_switch > '0' AND overnight_switch <= '48:00')
    CONSTRAINT overnight_switch_must_be_in_hours_without_days_or_months
      CHECK (extract(day FROM overnight_switch) = 0 AND extract(month FROM overnight_switch) = 0
        AND extract(year FROM overnight_switch) = 0),
  missing_clock_out text NOT NULL DEFAULT 'day_end'
    CONSTRAINT missing_clock_out_must_be_day_end_or_zero CHECK (missing_clock_out IN ('day_end', 'zero')),
  activity_after_break text NOT NULL DEFAULT 'as_sent'
    CONSTRAINT activity_after_break_must_be_as_sent_or_carried_on
      CHECK (activity_after_break IN ('as_sent', 'carried_on')),
  long_session      interval NOT NULL DEFAULT '12:00'
    CONSTRAINT long_session_must_be_positive_and_at_most_48_hours
      CHECK (long_session > '0' AND long_session <= '48:00')
    CONSTRAINT long_session_must_be_in_hours_without_days_or_months
      CHECK (extract(day FROM long_session) = 0 AND extract(month FROM long_session) = 0
        AND extract(year FROM long_session) = 0),
  week_starts_on    int NOT NULL DEFAULT 1
    CONSTRAINT week_starts_on_must_be_1_monday_to_7_sunday CHECK (week_starts_on BETWEEN 1 AND 7),
  default_time_zone text NOT NULL DEFAULT 'UTC',
  stale_after       interval NOT NULL DEFAULT '01:00'
    CONSTRAINT stale_after_must_be_positive CHECK (stale_after > '0'),
  digest_grace      interval NOT NULL DEFAULT '12:00'
    CONSTRAINT digest_grace_must_be_between_0_and_7_days CHECK (digest_grace >= '0' AND digest_grace <= '168:00'),
  digest_time       time NOT NULL DEFAULT '08:00'
    CONSTRAINT digest_time_must_be_below_24_00 CHECK (digest_time < '24:00'),
  engine            text NOT NULL DEFAULT 'auto'
    CONSTRAINT engine_must_be_native_sql_or_auto CHECK (engine IN ('native', 'sql', 'auto')),
  CONSTRAINT overnight_switch_must_not_exceed_max_session CHECK (overnight_switch <= max_session),
  CONSTRAINT long_session_must_not_exceed_max_session CHECK (long_session <= max_session)
);

INSERT INTO timesheet.settings DEFAULT VALUES;
COMMENT ON TABLE timesheet.settings IS
  'The settings of the rules: exactly one row. A change recomputes what it affects.';
COMMENT ON COLUMN timesheet.settings.day_cutoff IS
  'Local time at which a new workday begins (R3), 00:00 to below 24:00.';
COMMENT ON COLUMN timesheet.settings.max_session IS 'An event later than this after another cannot close it (R5).';
COMMENT ON COLUMN timesheet.settings.overnight_switch IS
  'Work followed by work that starts later than this after it and after the end of its workday, or a break longer than '
  'this, means that an entry was forgotten (R5).';
COMMENT ON COLUMN timesheet.settings.missing_clock_out IS
  'Work without an end counts until the end of its workday (day_end) or not at all (zero) (R6).';
COMMENT ON COLUMN timesheet.settings.activity_after_break IS
  'Work without an activity that ends a break keeps none (as_sent) or takes that of the work before the break '
  '(carried_on), within one workday and client group (R8).';
COMMENT ON COLUMN timesheet.settings.long_session IS 'Work longer than this is noted (R13); it changes no hours.';
COMMENT ON COLUMN timesheet.settings.week_starts_on IS
  'First day of the week, ISO: 1 Monday to 7 Sunday, where a client group has none of its own (R11).';
COMMENT ON COLUMN timesheet.settings.default_time_zone IS 'Working zone where Jibble names none (R3).';
COMMENT ON COLUMN timesheet.settings.stale_after IS
  'A feed that was last read longer ago than this is stale (timesheet.feed_health).';
COMMENT ON COLUMN timesheet.settings.digest_grace IS
  'How long after a week''s end, in the client group''s zone and for each of its agents, the feed must have been read '
  'before the week is reported to the client.';
COMMENT ON COLUMN timesheet.settings.digest_time IS
  'Local time, in the client group''s zone, from which on the weekly digest is sent.';
COMMENT ON COLUMN timesheet.settings.engine IS 'Preferred session engine; set it with timesheet.use_engine().';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (2, '0002_settings');
