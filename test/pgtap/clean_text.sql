-- What is cleaned of texts from outside, timesheet.clean_text(): what looks alike is one text.
\ir setup.sql
SELECT plan(22);

SELECT is(timesheet.clean_text(given), wanted, what) FROM (VALUES
  ('Maria Santos', 'Maria Santos', 'a plain name stays'),
  (NULL, NULL, 'nothing stays nothing'),
  ('', NULL, 'the empty text is nothing'),
  (E' \u00a0\t\u3000 ', NULL, 'blanks of several kinds are nothing'),
  (E'\u200b\ufeff\u2060', NULL, 'invisible characters are nothing'),
  (E'\u3164\u2800', NULL, 'letters that look empty are nothing'),
  (E'\u115f\u1160', NULL, 'also those that fill a Korean syllable'),
  (E'  Maria\u00a0 \n Santos\u2003', 'Maria Santos', 'a run of blanks is one space, none around the text'),
  (E'\u202eann\u200b@example.com\u00ad', 'ann@example.com', 'marks of direction and of no width leave no gap'),
  (E'Cafe\u0301', E'Caf\u00e9', 'a letter and its accent are the letter with the accent'),
  (E'Cafe\u200b\u0301', E'Caf\u00e9', 'also where something invisible is between them'),
  (E'q\u0307\u0323', E'q\u0323\u0307', 'two accents that join into no letter come in one order'),
  (E'x\u0085y\u2028z\u009f', 'x y z', 'control characters and line separators are blanks'),
  (E'\u0600 1', E'\u0600 1', 'a format character that is printed stays'),
  ('CAFE', 'CAFE', 'letter case stays'),
  (E'\ufe0f', NULL, 'a variation selector shows nothing'),
  (E'\u17b4\u180b\U000e0100', NULL, 'nor do vowels and selectors of other scripts'),
  (E'Caf\u00e9\ufe0e', E'Caf\u00e9', 'so that what looks alike is alike'),
  (E'\u2764\ufe0f', E'\u2764', 'also after a picture'),
  (E'\U0001F468\u200d\U0001F469', E'\U0001F468\U0001F469', 'joined pictures are their parts')
) AS t (given, wanted, what);

-- Unicode's categories Zs, Zl, Zp and Cc without NUL, which no text holds, by their code points.
SELECT is((SELECT count(*) FROM unnest(ARRAY(SELECT generate_series(1, 32)) || ARRAY(SELECT generate_series(127, 160))
    || ARRAY[5760] || ARRAY(SELECT generate_series(8192, 8202)) || ARRAY[8232, 8233, 8239, 8287, 12288]) AS c (code)
  WHERE timesheet.clean_text('a' || chr(c.code) || 'b') IS DISTINCT FROM 'a b'), 0::bigint, 'every blank is a space');
SELECT is((SELECT timesheet.clean_text(timesheet.clean_text(t)) FROM (VALUES (E' a\u200b \u0301b ')) AS v (t)),
  timesheet.clean_text(E' a\u200b \u0301b '), 'what is clean stays as it is');
SELECT * FROM finish();
ROLLBACK;
