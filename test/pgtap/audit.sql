-- timesheet.audit(): what differs from Jibble's own hours, and why. Agents work in Asia/Manila (UTC+8); every
-- expected figure is worked out by hand.
\ir setup.sql
SELECT plan(97);

-- A day of a TimesheetsSummary.
CREATE FUNCTION spec.summary_day(day date, tracked text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('date', day, 'tracked', tracked, 'paidBreak', 'PT0S', 'unpaidBreak', 'PT0S',
    'payrollHours', tracked) || more
$$;
CREATE FUNCTION spec.summary(person int, VARIADIC days jsonb[]) RETURNS text LANGUAGE sql AS $$
  SELECT jsonb_build_object('personId', spec.guid('person', person), 'total', 'PT0S', 'daily', to_jsonb(days))::text
$$;
-- What the audit of these days finds of one agent: "MM-DD kind ours-jibble" a line.
CREATE FUNCTION spec.found(person int, since date, until date,
  VARIADIC summaries text[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(to_char(a.day, 'MM-DD ') || a.kind || ' ' || a.our_seconds
    || coalesce('-' || a.jibble_seconds, ' null'), ', ' ORDER BY a.day)
  FROM timesheet.audit(since, until, summaries, ARRAY[spec.guid('person', person)]) AS a WHERE a.kind IS NOT NULL
$$;
CREATE FUNCTION spec.detail(person int, on_day date, VARIADIC summaries text[]) RETURNS text LANGUAGE sql AS $$
  SELECT a.detail FROM timesheet.audit(on_day - 1, on_day + 1, summaries, ARRAY[spec.guid('person', person)]) AS a
    WHERE a.day = on_day
$$;
-- A person's work from one local time to another, on the In's date in our count.
CREATE FUNCTION spec.works(person int, n int, started timestamp, ended timestamp) RETURNS bigint LANGUAGE sql AS $$
  SELECT spec.feed('TimeEntries', spec.event(n, person, started, 'In', 'A'), spec.event(n + 1, person, ended, 'Out'))
$$;

SELECT feed('People', VARIADIC array_agg(person(n))) FROM generate_series(1, 9) AS n;
SELECT feed('Activities', format('{"id": "%s", "name": "Support"}', guid('activity A', 0)));

-- 8 h 30 on a Monday: 09:00 to 17:30.
SELECT works(1, 100, '2026-03-02 09:00', '2026-03-02 17:30');
CREATE FUNCTION spec.monday(tracked text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT spec.found(1, '2026-03-02', '2026-03-02', spec.summary(1, spec.summary_day('2026-03-02', tracked, more)))
$$;
SELECT is(monday('PT8H30M'), NULL, 'the same is no finding');
SELECT is(monday('PT8H31M'), NULL, '60 seconds more agree');
SELECT is(monday('PT8H31M1S'), '03-02 differs 30600-30661', '61 do not');
SELECT is(monday('PT8H29M'), NULL, '60 seconds less agree');
SELECT is(monday('PT8H28M59S'), '03-02 differs 30600-30539', '61 do not, either');
SELECT is(monday('PT8H31M0.999S'), NULL, 'seconds are whole: cut off, not rounded');
SELECT is(monday('PT9H45M', '{"paidBreak": "PT15M", "unpaidBreak": "PT1H"}'), NULL, 'breaks, paid or not, are no work');
SELECT is(monday('PT8H30M', '{"paidBreak": "PT15M", "unpaidBreak": "PT1H"}'), '03-02 differs 30600-26100',
  'and are always taken off');
SELECT is(monday('PT8H30M', '{"payrollHours": "PT16H", "paidTimeOff": "PT7H30M"}'), NULL,
  'payroll hours and time off are no work, and compared with nothing');
SELECT is(monday('PT9H30M52.753408S', '{"unpaidBreak": "PT1H52.753408S"}'), NULL,
  'fractions are taken off before they are cut');
SELECT is(monday('P1DT6H'), '03-02 differs 30600-108000', 'P1DT6H are 30 hours');
SELECT is(monday('PT8H30M', '{"paidBreak": null, "unpaidBreak": null}'), NULL, 'a break that is not named is none');
SELECT is(monday('PT8H30M', '{"date": "2026-03-02T00:00:00Z"}'), NULL, 'a date may have a time behind it');
SELECT is(detail(1, '2026-03-02', summary(1, summary_day('2026-03-02', 'PT5H',
  '{"unpaidBreak": "PT30M", "payrollHours": "PT8H", "paidTimeOff": "PT3H30M"}'))),
  'Jibble: tracked 5:00:00, unpaid break 0:30:00, payroll hours 8:00:00, paid time off 3:30:00',
    'payroll and time off explain');

-- Two sessions of 1 h 0.9 s: whole seconds are cut a session at a time, and cutting nothing at midnight adds nothing.
SELECT feed('TimeEntries', event(110, 1, '2026-03-04 09:00', 'In', 'A'),
  event(111, 1, '2026-03-04 10:00:00.9', 'Out'), event(112, 1, '2026-03-04 11:00', 'In', 'A'),
  event(113, 1, '2026-03-04 12:00:00.9', 'Out'));
SELECT is(found(1, '2026-03-04', '2026-03-04', summary(1, summary_day('2026-03-04', 'PT2H1M1S'))),
  '03-04 differs 7200-7261', 'fractions of seconds of ours make no midnight');

-- What cannot be read is never nothing.
SELECT is(monday(bad), '03-02 unreadable 30600 null', 'tracked ' || coalesce(bad, 'null') || ' cannot be read')
FROM unnest(ARRAY['8.5', 'an hour', 'P1M', '', '-PT1H', 'PT9999H', NULL]) AS bad;
SELECT is(monday('PT9H', '{"unpaidBreak": "half an hour"}'), '03-02 unreadable 30600 null',
  'nor can a day with such a break');
SELECT is(monday('PT1H', '{"unpaidBreak": "PT2H"}'), '03-02 unreadable 30600 null',
  'nor one with more breaks than time');
SELECT is(found(1, '2026-03-02', '2026-03-02', summary(1, summary_day('2026-03-02', 'PT8H30M'),
  summary_day('2026-03-02', 'PT1H'))), '03-02 unreadable 30600 null', 'nor one with two figures');
SELECT is(found(1, '2026-03-02', '2026-03-02', summary(1, summary_day('2026-03-02', 'PT8H30M'),
  summary_day('2026-03-02', 'PT8H30M'))), NULL, 'the same figure twice can');
SELECT is(found(1, '2026-03-02', '2026-03-03', summary(1, '{"date": "2 March", "tracked": "PT8H30M"}')),
  '03-02 unreadable 30600 null, 03-03 unreadable 0 null', 'where a date cannot be read any day may be meant');
-- A total that is more than the days have says that a day was left out.
CREATE FUNCTION spec.two_days(total text, VARIADIC days jsonb[]) RETURNS text LANGUAGE sql AS $$
  SELECT spec.found(1, '2026-03-02', '2026-03-03',
    jsonb_build_object('personId', spec.guid('person', 1), 'total', total, 'daily', to_jsonb(days))::text)
$$;
SELECT is(two_days('PT8H30M', VARIADIC '{}'), '03-02 unreadable 30600 null, 03-03 unreadable 0 null',
  'no day at all, but a total: the days are not known');
SELECT is(two_days('PT0S', VARIADIC '{}'), '03-02 differs 30600-0', 'without a total there is nothing');
SELECT is(two_days('PT8H31M1S', summary_day('2026-03-02', 'PT8H30M')), '03-03 unreadable 0 null',
  'a day that is left out cannot be read where the others have a minute less than the total');
SELECT is(two_days('PT8H31M', summary_day('2026-03-02', 'PT8H30M')), NULL, 'up to a minute is nothing');
SELECT is(two_days('PT12H', summary_day('2026-03-02', 'PT8H30M', '{"payrollHours": "PT12H"}')), NULL,
  'the total may be one of payroll hours');
SELECT is(two_days('some hours', summary_day('2026-03-02', 'PT8H30M')), NULL, 'one that cannot be read says nothing');
SELECT is(found(1, '2026-03-02', '2026-03-02', jsonb_build_object('personId', guid('person', 1), 'daily',
  'none')::text), '03-02 unreadable 30600 null', 'days that are no list cannot be read');
SELECT is(found(1, '2026-03-02', '2026-03-03', summary(2, summary_day('2026-03-02', 'PT8H'))),
  '03-02 unreadable 30600 null', 'who is not named is not compared on days with work of ours');
SELECT is(found(1, '2026-03-02', '2026-03-03', summary(1, summary_day('2026-03-03', 'PT0S'))),
  '03-02 differs 30600-0', 'a day that a list without faults leaves out has nothing');
SELECT is(detail(1, '2026-03-02', summary(1, summary_day('2026-03-02', 'an hour'))),
  'Jibble''s figure cannot be read: tracked "an hour", paidBreak "PT0S", unpaidBreak "PT0S"', 'what it was is said');

-- Whose answer stayed one that makes no sense is no less unreadable for having no work of ours.
SELECT is((SELECT string_agg(to_char(a.day, 'MM-DD ') || a.kind || ' ' || a.our_seconds
    || coalesce('-' || a.jibble_seconds, ' null ') || a.detail, ', ' ORDER BY a.day)
  FROM timesheet.audit('2026-03-02', '2026-03-03', ARRAY[summary(1, summary_day('2026-03-02', 'PT8H30M'))],
    ARRAY[guid('person', 1), guid('person', 9)],
    unreadable => ARRAY[guid('person', 9)], faults => ARRAY['no JSON']) AS a
  WHERE a.kind IS NOT NULL), '03-02 unreadable 0 null no JSON, 03-03 unreadable 0 null no JSON',
  'each day of whose answer makes no sense is unreadable');

-- Durations that were typed in: Jibble may hold them in tracked, or not.
SELECT feed('HourEntries', format('{"id": "%s", "personId": "%s", "date": "2026-03-02", "duration": "PT2H", "status": '
  '"Active"}', guid('hours', 1), guid('person', 1)));
SELECT is(monday('PT8H30M'), NULL, 'our work without manual seconds agrees');
SELECT is(monday('PT10H30M'), NULL, 'and so does our work with them');
SELECT is(monday('PT9H30M'), '03-02 differs 37800-34200', 'what lies between does not');

-- Sessions without a certain end. Person 2 forgot to clock out on Tuesday 3 March; our count ends with the day: 15 h.
SELECT feed('TimeEntries', event(200, 2, '2026-03-03 09:00', 'In', 'A'), event(201, 2, '2026-03-05 09:00', 'In', 'A'),
  event(202, 2, '2026-03-05 12:00', 'StartBreak'));
SELECT is(found(2, '2026-03-02', '2026-03-06', summary(2, summary_day('2026-03-03', 'PT0S'),
  summary_day('2026-03-05', 'PT4H'))),
  '03-03 incomplete 54000-0, 03-05 incomplete 10800-14400', 'a missing clock-out and an open break are said');
-- Cancelled by Wednesday, it would look like midnight: what has no certain end stays incomplete, and Wednesday differs.
SELECT is(found(2, '2026-03-03', '2026-03-04', summary(2, summary_day('2026-03-03', 'PT8H'),
  summary_day('2026-03-04', 'PT7H'))),
  '03-03 incomplete 54000-28800, 03-04 differs 0-25200', 'incomplete comes before across_midnight');

-- Across midnight. Person 3, nights from 21:00 to 06:00, three in a row from Monday 2 March: 9 h each on the In's day.
-- Split at midnight that is 3, 6 + 3, 6 + 3 and 6 hours.
SELECT works(3, 300 + 2 * d, date '2026-03-02' + d + time '21:00', date '2026-03-03' + d + time '06:00')
  FROM generate_series(0, 2) AS d;
SELECT is(found(3, '2026-03-01', '2026-03-06', summary(3, summary_day('2026-03-02', 'PT3H'),
  summary_day('2026-03-03', 'PT9H'), summary_day('2026-03-04', 'PT9H'), summary_day('2026-03-05', 'PT6H'))),
  '03-02 across_midnight 32400-10800, 03-05 across_midnight 0-21600', 'equal nights in a row: the days between agree');
-- One night of person 5, and one of person 6 with a break across midnight, after which Jibble dates the work on
-- Tuesday: ours are 3 h and 3.5 h, and Jibble may count the whole shift on Monday.
SELECT works(5, 500, '2026-03-02 21:00', '2026-03-03 06:00');
SELECT is(found(5, '2026-03-01', '2026-03-04', summary(5, summary_day('2026-03-02', 'PT3H'),
  summary_day('2026-03-03', 'PT6H'))), '03-02 across_midnight 32400-10800', 'a night is one row at the earlier day');
SELECT is(detail(5, '2026-03-02', summary(5, summary_day('2026-03-02', 'PT3H'), summary_day('2026-03-03', 'PT6H'))),
  'the hours are the same, on other days: Mon 2 Mar 2026 ours 9:00:00, Jibble 3:00:00; Tue 3 Mar 2026 ours 0:00:00, '
  'Jibble '
    '6:00:00', 'with both figures');
SELECT feed('TimeEntries', event(600, 6, '2026-03-02 21:00', 'In', 'A'),
  event(601, 6, '2026-03-02 23:59', 'StartBreak'), event(602, 6, '2026-03-03 00:29', 'In', 'A'),
  event(603, 6, '2026-03-03 04:00', 'Out'));
SELECT is(found(6, '2026-03-01', '2026-03-04', summary(6, summary_day('2026-03-02', 'PT7H',
  '{"unpaidBreak": "PT30M"}'))), '03-02 across_midnight 10740-23400', 'and whichever side counts it all on one day');
-- Person 4: 21:00 to 06:00, 22:00 to 07:30 and 20:00 to 04:00, in all 26.5 h; split: 3, 6 + 2, 7.5 + 4, 4 hours.
-- Sums of the differences: +6, +7.5, +4, 0.
SELECT works(4, 400, '2026-03-02 21:00', '2026-03-03 06:00'), works(4, 402, '2026-03-03 22:00', '2026-03-04 07:30'),
  works(4, 404, '2026-03-04 20:00', '2026-03-05 04:00');
CREATE FUNCTION spec.nights(last text) RETURNS text[] LANGUAGE sql AS $$
  SELECT ARRAY[spec.summary(4, spec.summary_day('2026-03-02', 'PT3H'), spec.summary_day('2026-03-03', 'PT8H'),
    spec.summary_day('2026-03-04', 'PT11H30M'), spec.summary_day('2026-03-05', last))]
$$;
SELECT is(found(4, '2026-03-01', '2026-03-06', VARIADIC nights('PT4H')), '03-02 across_midnight 32400-10800',
  'uneven nights in a row are one row at the first day');
SELECT is((SELECT a.detail FROM timesheet.audit('2026-03-01', '2026-03-06', nights('PT4H'),
  ARRAY[guid('person', 4)]) AS a WHERE a.kind IS NOT NULL),
  'the hours are the same, on other days: Mon 2 Mar 2026 ours 9:00:00, Jibble 3:00:00; Tue 3 Mar 2026 ours 9:30:00, '
  'Jibble '
    '8:00:00; Wed 4 Mar 2026 ours 8:00:00, Jibble 11:30:00; Thu 5 Mar 2026 ours 0:00:00, Jibble 4:00:00',
  'with the figures of each');
SELECT is(found(4, '2026-03-01', '2026-03-06', VARIADIC nights('PT4H1M')), '03-02 across_midnight 32400-10800',
  'they cancel within 60 seconds');
-- A night whose part after midnight is nowhere at Jibble is no matter of midnight.
SELECT is(found(5, '2026-03-01', '2026-03-04', summary(5, summary_day('2026-03-02', 'PT3H'))),
  '03-02 differs 32400-10800', 'the other part has to be there');
-- 61 seconds too many on Thursday: no run of all four. What is proven by cutting our work at midnight is still no
-- difference.
SELECT is(found(4, '2026-03-01', '2026-03-06', VARIADIC nights('PT4H1M1S')),
  '03-02 across_midnight 32400-10800, 03-05 differs 0-14461', 'and do not within 61');
-- The window ends on Tuesday, or begins on Wednesday: the other part of a night is outside of it.
SELECT is(found(4, '2026-03-01', '2026-03-03', VARIADIC nights('PT4H')), '03-02 across_midnight 32400-10800',
  'a run that the window cuts is no difference');
SELECT is(found(4, '2026-03-04', '2026-03-06', VARIADIC nights('PT4H')), '03-04 across_midnight 28800-41400',
  'whichever part is outside');

-- The same nights, and Jibble has 3, 9, 10.5 and 4 hours: the differences are +6, +0.5, -2.5 and -4 and cancel as well,
-- but midnight makes 8 and 11.5 hours of Tuesday and Wednesday. Thursday, where we have nothing, it makes 4.
SELECT is(found(4, '2026-03-01', '2026-03-06', summary(4, summary_day('2026-03-02', 'PT3H'),
  summary_day('2026-03-03', 'PT9H'), summary_day('2026-03-04', 'PT10H30M'), summary_day('2026-03-05', 'PT4H'))),
  '03-02 differs 32400-10800, 03-03 differs 34200-32400, 03-04 differs 28800-37800, 03-05 across_midnight 0-14400',
  'nights in a row that cancel otherwise than at midnight differ');
-- Day work, 8 h on each of three days; Jibble has 2, 9 and 13 hours: +6, -1 and -5 cancel, and midnight has no part.
SELECT works(1, 120 + 2 * d, date '2026-03-09' + d + time '09:00', date '2026-03-09' + d + time '17:00')
  FROM generate_series(0, 2) AS d;
SELECT is(found(1, '2026-03-09', '2026-03-11', summary(1, summary_day('2026-03-09', 'PT2H'),
  summary_day('2026-03-10', 'PT9H'), summary_day('2026-03-11', 'PT13H'))),
  '03-09 differs 28800-7200, 03-10 differs 28800-32400, 03-11 differs 28800-46800',
  'three days of day work that cancel are three differences');
SELECT is(found(1, '2026-03-09', '2026-03-11', summary(1, summary_day('2026-03-09', 'PT2H'),
  summary_day('2026-03-10', 'PT14H'), summary_day('2026-03-11', 'PT8H'))),
  '03-09 across_midnight 28800-7200', 'two are one row');
-- The runs alone.
CREATE FUNCTION spec.runs(days date[], differences bigint[], cut boolean[], without_manual bigint[] DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(to_char(r.first_day, 'MM-DD') || ' to ' || to_char(r.last_day, 'MM-DD'), ', ' ORDER BY r.first_day)
  FROM timesheet.cancelling_runs(days, differences, coalesce(without_manual, differences), cut) AS r
$$;
SELECT is(runs('{2026-03-02,2026-03-04}', '{3600,-3600}', '{t,t}'), NULL, 'a gap ends a run');
SELECT is(runs('{2026-03-02,2026-03-03,2026-03-04,2026-03-05,2026-03-06}', '{3600,21600,-21600,7200,-7140}',
  '{f,f,f,f,f}'), '03-03 to 03-04, 03-05 to 03-06', 'pairs are found behind a day that cancels with nothing');
SELECT is(runs('{2026-03-02,2026-03-03}', '{7200,-21600}', '{f,f}', '{21600,-21600}'), '03-02 to 03-03',
  'without manual seconds, too');
-- +6, +2, -2, -6 hours: sums +6, +8, +6, 0.
SELECT is(runs('{2026-03-02,2026-03-03,2026-03-04,2026-03-05}', '{21600,7200,-7200,-21600}', '{t,t,t,t}'),
  '03-02 to 03-05', 'nights in a row are one run');
SELECT is(runs('{2026-03-02,2026-03-03,2026-03-04,2026-03-05}', '{21600,7200,-7200,-21600}', cut), '03-03 to 03-04',
  'of which each has to be cut at midnight: ' || cut::text)
FROM (VALUES ('{f,t,t,t}'::boolean[]), ('{t,f,t,t}'), ('{t,t,f,t}'), ('{t,t,t,f}')) AS c (cut);

-- What is stored. Person 7 works on two days, person 8 on one, and of person 9 nothing is known.
SELECT works(7, 700, '2026-03-02 09:00', '2026-03-02 17:00'), works(7, 702, '2026-03-03 09:00', '2026-03-03 17:00'),
  works(8, 800, '2026-03-03 09:00', '2026-03-03 12:00');
CREATE FUNCTION spec.store(since date, until date, people int[], summaries text[],
  refused int[] DEFAULT '{}') RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM timesheet.store_audit(since, until, ARRAY(SELECT spec.guid('person', n)
    FROM unnest(people) AS n), summaries,
    ARRAY(SELECT spec.guid('person', n) FROM unnest(refused) AS n),
      ARRAY(SELECT 'Jibble answered 403' FROM unnest(refused)))
$$;
CREATE FUNCTION spec.stored() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(to_char(f.day, 'MM-DD ') || right(a.full_name, 1) || ' ' || f.kind || ' ' || f.our_seconds
    || coalesce('-' || f.jibble_seconds, ' null'), ', ' ORDER BY f.day, a.full_name)
  FROM timesheet.audit_findings AS f JOIN timesheet.agents AS a USING (agent_id)
$$;
CREATE FUNCTION spec.health() RETURNS text LANGUAGE sql AS $$
  SELECT (last_audit_at = now(), audited_since, audited_until, audit_days_differing, audit_days_not_compared)::text
    FROM timesheet.feed_health
$$;
SELECT is(health(), '(,,,,)', 'before the first audit nothing is said of any');
SELECT is(store('2026-03-02', '2026-03-03', '{7,8,9}', ARRAY[summary(7, summary_day('2026-03-02', 'PT9H'),
  summary_day('2026-03-03', 'PT5H')), summary(8, summary_day('2026-03-03', 'PT3H'))]),
  4::bigint, 'every day that Jibble or we know of is returned');
SELECT is(stored(), '03-02 7 differs 28800-32400, 03-03 7 differs 28800-18000', 'and those that differ are stored');
SELECT is(health(), '(t,2026-03-02,2026-03-03,2,0)', 'feed_health says when, of which days, and how many differ');
SELECT store('2026-03-03', '2026-03-03', '{7}', ARRAY[summary(7, summary_day('2026-03-03', 'PT8H'))]);
SELECT is(stored(), '03-02 7 differs 28800-32400', 'a new audit replaces the findings of its days, those that agree '
  'now as well');
SELECT is(health(), '(t,2026-03-03,2026-03-03,0,0)', 'that it found nothing is known, too');
SELECT store('2026-03-02', '2026-03-03', '{8,9}', ARRAY[summary(9, summary_day('2026-03-02', 'PT1H'))], '{8}');
SELECT is(stored(), '03-02 7 differs 28800-32400, 03-02 8 refused 0 null, 03-02 9 differs 0-3600, 03-03 8 refused '
  '10800 null', 'nor are the findings of people touched whom it did not ask about; each day of the refused is one');
SELECT is(health(), '(t,2026-03-02,2026-03-03,2,2)', 'what could not be compared is counted apart');
SELECT is((SELECT DISTINCT f.detail FROM timesheet.audit_findings AS f WHERE f.kind = 'refused'),
  'Jibble answered 403', 'with what Jibble said');
SELECT store('2026-03-04', '2026-03-04', '{8}', '{}', '{8}');
SELECT is(health(), '(t,2026-03-02,2026-03-03,2,2)', 'where no person could be compared nothing was audited');
SELECT store('2026-03-02', '2026-03-05', '{2,5}', ARRAY[summary(2, summary_day('2026-03-05', 'PT4H')),
  summary(5, summary_day('2026-03-02', 'PT3H'), summary_day('2026-03-03', 'PT6H'))]);
SELECT is((SELECT string_agg(f.kind, ', ' ORDER BY f.kind) FROM timesheet.audit_findings AS f
  WHERE f.agent_id IN (agent(2), agent(5))), 'across_midnight, incomplete, incomplete', 'they are kept');
SELECT is(health(), '(t,2026-03-02,2026-03-05,2,3)', 'and not counted as differences');
SELECT is((SELECT count(*) FROM timesheet.audits), 4::bigint, 'each audit is recorded');
SELECT store('2026-03-20', '2026-03-21', '{7,9}', '{}');
SELECT is((SELECT count(*) FROM timesheet.audits), 4::bigint,
  'but one whose answer names no person, though we have nothing');
SELECT store('2026-03-20', '2026-03-21', '{7,9}', ARRAY[summary(9, summary_day('2026-03-20', 'PT0S'))]);
SELECT is((SELECT (since, agent_days)::text FROM timesheet.audits ORDER BY audit_id DESC LIMIT 1), '(2026-03-20,2)',
  'where it says that there is nothing, that was compared');

-- The alert of each week that differs. So far that of 2 March does, by person 7 on Monday, and by person 9.
CREATE FUNCTION spec.alerted() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(a.subject || CASE WHEN a.resolved_at IS NULL THEN ' open' ELSE ' over' END,
    ', ' ORDER BY a.alert_id)
  FROM timesheet.alerts AS a WHERE a.kind = 'audit_differs'
$$;
SELECT is(alerted(), 'week 2026-03-02 open', 'a week that differs is one alert, however often it was audited');
SELECT is((SELECT detail FROM timesheet.alerts WHERE kind = 'audit_differs'),
  'in the week Mon 2 – Sun 8 Mar 2026 our hours differ from Jibble''s by more than a minute on 2 days of 2 agents; '
  'timesheet.audit_findings lists them; once that is corrected, '
  'run timesheetd audit --since 2026-03-02 --until 2026-03-08',
  'it says how many days of whom, and what to do');
CREATE FUNCTION spec.hours_of_7(monday text) RETURNS text LANGUAGE sql AS $$
  SELECT spec.summary(7, spec.summary_day('2026-03-02', monday), spec.summary_day('2026-03-03', 'PT8H'))
$$;
SELECT store('2026-03-02', '2026-03-08', '{9}', ARRAY[summary(9, VARIADIC '{}')]);
SELECT matches((SELECT detail FROM timesheet.alerts WHERE kind = 'audit_differs'), ' on 1 day of 1 agent; ',
  'it is kept up to date');
SELECT store('2026-03-03', '2026-03-03', '{7}', ARRAY[hours_of_7('PT8H')]);
SELECT is(alerted(), 'week 2026-03-02 open', 'another day of the week that agrees does not end it');
SELECT store('2026-03-02', '2026-03-08', '{7}', '{}', '{7}');
SELECT store('2026-03-02', '2026-03-08', '{7}', '{}', '{7}');
SELECT is(alerted(), 'week 2026-03-02 open', 'nor does a day that cannot be compared any more, however often');
SELECT matches((SELECT detail FROM timesheet.alerts WHERE kind = 'audit_differs'),
  'agent [(]not compared again: 1[)]; ',
  'which is said');
SELECT store('2026-03-09', '2026-03-11', '{1}', ARRAY[summary(1, summary_day('2026-03-09', 'PT2H'),
  summary_day('2026-03-10', 'PT8H'), summary_day('2026-03-11', 'PT8H'))]);
SELECT is(alerted(), 'week 2026-03-02 open, week 2026-03-09 open', 'another week is another alert');
SELECT store('2026-03-02', '2026-03-08', '{7}', ARRAY[hours_of_7('PT8H')]);
SELECT is(alerted(), 'week 2026-03-02 over, week 2026-03-09 open', 'once the week agrees, its own is over');
SELECT store('2026-03-02', '2026-03-08', '{7}', ARRAY[hours_of_7('PT9H')]);
SELECT is(alerted(), 'week 2026-03-02 over, week 2026-03-09 open, week 2026-03-02 open',
  'what differs again is a new one');
SELECT store('2026-03-02', '2026-03-15', '{1,7}', ARRAY[hours_of_7('PT8H'), summary(1,
  summary_day('2026-03-02', 'PT8H30M'), summary_day('2026-03-04', 'PT2H'),
  summary_day('2026-03-09', 'PT8H'), summary_day('2026-03-10', 'PT8H'), summary_day('2026-03-11', 'PT8H'))]);
SELECT is(alerted(), 'week 2026-03-02 over, week 2026-03-09 over, week 2026-03-02 over',
  'an audit of several weeks ends that of each');

-- Whom Jibble is asked about. 10 was removed, 11 and 12 were deleted for good, 13 is only invited; 12 alone has work.
SELECT feed('People', replace(person(10), 'Joined', 'Removed'), person(11), person(12),
  replace(person(13), 'Joined', 'Invited'));
SELECT works(12, 1200, '2026-03-02 09:00', '2026-03-02 17:00');
SELECT timesheet.begin_run('sync', '2026-03-01', '2026-03-08') AS run \gset
SELECT timesheet.store_tombstones(:run, 'People', ARRAY[guid('person', 11), guid('person', 12)]);
SELECT timesheet.finish_run(:run);
CREATE FUNCTION spec.asked(since date, until date) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(right(a.full_name, 2), ' ' ORDER BY p.place)
  FROM timesheet.audited_people(since, until) WITH ORDINALITY AS p (id, place)
  JOIN timesheet.agents AS a ON a.jibble_id = p.id
  WHERE a.agent_id >= spec.agent(10)
$$;
SELECT is(asked('2026-03-02', '2026-03-08'), '12 13 10', 'who was removed is asked about, too, and last');
SELECT is(asked('2026-04-06', '2026-04-12'), '13 10', 'who was deleted for good only where there is something of ours');
SELECT store('2026-03-02', '2026-03-08', '{10}', ARRAY[summary(10, summary_day('2026-03-04', 'PT7H'))]);
SELECT is((SELECT right(a.full_name, 2) || ' ' || f.kind || ' ' || f.our_seconds || '-' || f.jibble_seconds
  FROM timesheet.audit_findings AS f JOIN timesheet.agents AS a USING (agent_id) WHERE f.agent_id = agent(10)),
  '10 differs 0-25200', 'the week of a removed person that we missed is found');
SELECT timesheet.begin_run('sync', '2026-03-01', '2026-03-08') AS run \gset
SELECT timesheet.store_tombstones(:run, 'People', ARRAY[guid('person', 10)]);
SELECT timesheet.finish_run(:run);
SELECT is(asked('2026-03-02', '2026-03-08'), '10 12 13', 'and is asked about again while it is a finding');

-- The last closed week: by default from Monday to Sunday.
SELECT is((SELECT (extract(isodow FROM since), until - since, until < (now() AT TIME ZONE 'UTC')::date,
  until >= (now() AT TIME ZONE 'UTC')::date - 7)::text FROM timesheet.last_closed_week()),
  '(1,6,t,t)', 'the last week that is over begins on a Monday');
UPDATE timesheet.settings SET week_starts_on = extract(isodow
  FROM (now() AT TIME ZONE timesheet.default_time_zone())::date);
SELECT is((SELECT until FROM timesheet.last_closed_week()),
  (now() AT TIME ZONE timesheet.default_time_zone())::date - 1, 'where weeks begin today, it ended yesterday');
UPDATE timesheet.settings SET week_starts_on = extract(isodow
  FROM (now() AT TIME ZONE timesheet.default_time_zone())::date + 1);
SELECT is((SELECT until FROM timesheet.last_closed_week()),
  (now() AT TIME ZONE timesheet.default_time_zone())::date - 7, 'where they begin tomorrow, this one is not over');

SELECT * FROM finish();
ROLLBACK;
