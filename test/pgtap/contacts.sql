-- The contacts' list as people fill it: what looks alike is one, and a client group that Jibble no longer has is named
-- with the one that took its place.
\ir setup.sql
SELECT plan(60);

-- An id, however it was copied.
SELECT is(timesheet.guid_or_null(given), wanted, format('%s is %s', to_json(given), coalesce(wanted::text, 'no id')))
FROM (VALUES
  ('0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b', uuid '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  ('{0F3A9C52-77D1-4E08-B2F6-5D1C8A904E3B}', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  (E'\ufeff 0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b\u00a0\n', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  (E'0f3a9c52-\u200b77d1-4e08-b2f6-5d1c\u00ad8a904e3b', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  (E'0f3a9c52\u201377d1\u20114e08\u2011b2f6\u20145d1c8a904e3b', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  ('urn:uuid:0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  ('0f3a9c5277d14e08b2f65d1c8a904e3b', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  ('["0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b"]', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b'),
  ('{00000000-0000-0000-0000-000000000000}', NULL),
  ('0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3', NULL),
  ('0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3g', NULL),
  ('Client One', NULL), ('', NULL), (NULL, NULL)) AS t (given, wanted);

SELECT is(timesheet.is_email(given), expected,
  format('%s is %s address', to_json(given), CASE WHEN expected THEN 'an' ELSE 'no' END))
FROM (VALUES
  ('o''neil_a#1@example.com', true), ('ann@xn--mnchen-3ya.example', true),
  (E'ann\uff20example.com', false),       -- the sign of Japanese keyboards
  (E'\u0430nn@example.com', false),       -- a Cyrillic letter
  (E'ren\u00e9@example.com', false), (E'ann@m\u00fcnchen.example', false), (E'ann@example\u3002com', false),
  (repeat('a', 64) || '@example.com', true), (repeat('a', 65) || '@example.com', false)) AS t (given, expected);

SELECT spec.feed('Groups', VARIADIC ARRAY(
  SELECT json_build_object('id', spec.guid('group', n), 'name', name, 'status', 'Active')::text
  FROM (VALUES (1, 'Acme'), (2, 'Bolt'), (3, 'Cora')) AS g (n, name)));

CREATE FUNCTION spec.record(n int, email json, groups json) RETURNS json LANGUAGE sql AS $$
  SELECT json_build_object('id', 'rec' || n, 'fields', json_build_object('Email', email, 'Groups', groups))
$$;
CREATE FUNCTION spec.id(n int) RETURNS json LANGUAGE sql AS $$ SELECT to_json(spec.guid('group', n)) $$;
CREATE FUNCTION spec.ids(VARIADIC n int[]) RETURNS json LANGUAGE sql AS $$
  SELECT json_agg(spec.guid('group', u.n)) FROM unnest(n) AS u (n)
$$;
CREATE FUNCTION spec.listed() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(t.line, '; ' ORDER BY t.line) FROM (
    SELECT concat_ws(' ', c.email, string_agg(g.name, '+' ORDER BY g.name)) AS line FROM timesheet.contacts AS c
    LEFT JOIN timesheet.contact_client_groups AS m USING (contact_id)
    LEFT JOIN timesheet.client_groups AS g USING (client_group_id)
    WHERE c.removed_at IS NULL GROUP BY c.email) AS t
$$;
-- The contacts that these records are.
CREATE FUNCTION spec.contacts(VARIADIC records json[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM timesheet.store_contacts((SELECT json_agg(r) FROM unnest(records) AS r), 'Email', 'Groups', true);
  RETURN spec.listed();
END
$$;
-- The problems of these records, each after its record.
CREATE FUNCTION spec.problems(VARIADIC records json[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM spec.contacts(VARIADIC records);
  RETURN (SELECT string_agg(p.record_id || ': ' || p.problem, E'\n' ORDER BY p.record_id, p.problem)
    FROM timesheet.contact_problems AS p);
END
$$;

-- Blanks and invisible characters around and within.
SELECT is(spec.contacts(spec.record(1, email, groups)), wanted, what)
FROM (VALUES
  ('"ann@exam\u00adple.com"'::json, spec.id(1), 'ann@example.com Acme', 'a soft hyphen is not part of an address'),
  ('"\u202aAnn@Example.com\u202c"', spec.id(1), 'ann@example.com Acme', 'nor are marks of direction'),
  ('"\u3000ann@example.com\r\n"', spec.id(1), 'ann@example.com Acme', 'nor are wide blanks and line ends around it'),
  ('"ann@example.com"', to_json('{' || upper(spec.guid('group', 1)::text) || E'}\u200b'), 'ann@example.com Acme',
    'an id in braces and capitals is the id'),
  ('"ann@example.com"', to_json(spec.guid('group', 1) || E'\u2003' || spec.guid('group', 2)),
    'ann@example.com Acme+Bolt', 'wide blanks are between ids'),
  ('"ann@example.com"', json_build_array(spec.guid('group', 1), NULL, upper(spec.guid('group', 1)::text), '',
    'urn:uuid:' || spec.guid('group', 1)), 'ann@example.com Acme', 'an id that is repeated in a list is one'),
  ('["ann@example.com"," ANN@example.com","","ann@example\u2060.com",null]', spec.id(1), 'ann@example.com Acme',
    'and so is an address'),
  ('["ann@example.com","ben@example.com","ann@example.com"]', spec.id(1), NULL, 'two addresses in a list are none'),
  ('"ann@example.com, Ann@Example.com"', spec.id(1), 'ann@example.com Acme', 'an address that a text repeats is one'),
  ('"ann@example.com\nANN@example.com;ann@example.com"', spec.id(1), 'ann@example.com Acme',
    'also on lines of its own'),
  ('"ann@example.com, ben@example.com"', spec.id(1), NULL, 'two in a text are none'),
  ('"ann@example.com"', to_json(E'\u201c' || spec.guid('group', 1) || E'\u201d'), 'ann@example.com Acme',
    'an id in the quotes of a word processor is the id'),
  ('"ann@example.com"', to_json('urn:uuid:{' || spec.guid('group', 1) || '}'), 'ann@example.com Acme',
    'and so is one in braces after urn:uuid:'),
  ('"ann@example.com"', to_json(spec.guid('group', 1) || E'\uff0c' || spec.guid('group', 2)),
    'ann@example.com Acme+Bolt', 'wide commas are between ids'),
  ('"ann@example.com"', to_json(spec.guid('group', 1) || ' / ' || spec.guid('group', 2)), 'ann@example.com Acme+Bolt',
    'and so are slashes')
) AS t (email, groups, wanted, what);
SELECT is(spec.problems(spec.record(1, '"ann@example.com"', spec.id(1))), NULL, 'a plain record has no problem');
SELECT is(spec.problems(spec.record(1, '["ann@example.com","Ann@example.com ",null]', spec.ids(1, 1))), NULL,
  'nor has one that repeats its address and its id');
SELECT is(spec.contacts(spec.record(1, '"ann@example.com"', spec.id(1)),
    spec.record(2, '"\u200bANN@example.com\u00a0"', to_json('{' || spec.guid('group', 1) || '}'))),
  'ann@example.com Acme', 'the same contact in two records, written differently, is one');
SELECT is(spec.problems(spec.record(1, '"ann@example.com"', '"00000000-0000-0000-0000-000000000000"')),
  'rec1: no client group is named in the field "Groups", so that nothing is sent', 'an id of zeros names none');
SELECT is(spec.problems(spec.record(1, to_json(E'ann\uff20example.com'::text), spec.id(1))),
  E'rec1: this is not an e-mail address that digests can be sent to, because of the character "\uff20" (U+FF20); '
    || E'type it with plain letters, digits and signs (ASCII), or give an international domain as xn--\u2026',
  'a character that only looks right is named');

-- A client group that Jibble has archived, or no longer has.
CREATE FUNCTION spec.group_is(n int, name text, status text) RETURNS void LANGUAGE sql AS $$
  SELECT spec.feed('Groups', json_build_object('id', spec.guid('group', n), 'name', name, 'status', status)::text)
$$;
CREATE FUNCTION spec.delete_group(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  run bigint := timesheet.begin_run('test');
BEGIN
  PERFORM timesheet.store_tombstones(run, 'Groups', ARRAY[spec.guid('group', n)]);
  PERFORM timesheet.finish_run(run);
END
$$;
CREATE FUNCTION spec.ann(VARIADIC groups int[]) RETURNS json LANGUAGE sql AS $$
  SELECT spec.record(1, '"ann@example.com"', spec.ids(VARIADIC groups))
$$;
\set later 'take this one out once its last week with hours was reported'
\set none '. The contact has no active client group, and gets no digest of weeks without hours'

SELECT spec.group_is(1, 'Acme Ltd', 'Active');
SELECT is(spec.problems(spec.ann(1)), NULL, 'a client group that was renamed is no problem');
SELECT spec.group_is(1, 'Acme', 'Archived');
SELECT is(spec.problems(spec.ann(1)), 'rec1: Jibble has archived the client group "Acme"; add the id of another in '
  'the field "Groups", and ' || :'later' || :'none', 'one that was archived is');
SELECT is(spec.problems(spec.ann(1, 2)), 'rec1: Jibble has archived the client group "Acme"; add the id of another in '
  'the field "Groups", and ' || :'later', '… also where another is active');
SELECT is(spec.problems(spec.ann(1), spec.record(2, '"ann@example.com"', spec.id(2))),
  'rec1: Jibble has archived the client group "Acme"; add the id of another in the field "Groups", and '
  || :'later' || '
rec2: the address is in record rec1 too; both are one contact, who gets the client groups of both',
  '… by another record of the contact');
SELECT is(spec.listed(), 'ann@example.com Acme+Bolt', '… and stays one of the contact''s, for the weeks with hours');
SELECT spec.group_is(11, E' ACME\u00a0', 'Active');
SELECT is(spec.problems(spec.ann(1)), 'rec1: Jibble has archived the client group "Acme"; the active one of this name '
  'has the id ' || spec.guid('group', 11) || ': add it in the field "Groups", and ' || :'later' || :'none',
  'one that was created again has a new id');
SELECT is(spec.problems(spec.ann(1, 11)), 'rec1: Jibble has archived the client group "Acme"; the active one of this '
  'name is in the field "Groups" too: ' || :'later', '… which may be named already');
SELECT spec.group_is(12, 'acme', 'Active');
SELECT is(spec.problems(spec.ann(1)), 'rec1: Jibble has archived the client group "Acme"; 2 active ones have this '
  'name: add the id of the right one in the field "Groups", and ' || :'later' || :'none',
  'of two that have its name none is the likely one');
SELECT spec.group_is(12, 'acme', 'Archived');
SELECT is(spec.problems(spec.record(1, '"ann@"', spec.ids(1, 12))),
  format(E'rec1: Jibble has archived the client group "Acme"; the active one of this name has the id %1$s%2$s\n'
    'rec1: Jibble has archived the client group "acme"; the active one of this name has the id %1$s%2$s\n'
    'rec1: this is not an e-mail address; correct it', spec.guid('group', 11),
    ': add it in the field "Groups", and ' || :'later'),
  'each time that it was created again leaves an old id, also in a record without a contact');
SELECT spec.group_is(1, 'Acme', 'Active');
SELECT is(spec.problems(spec.ann(1)), NULL, 'one that is active again is no problem');

SELECT spec.group_is(2, 'Bolt (old)', 'Archived');
SELECT is(spec.problems(spec.ann(2)), 'rec1: Jibble has archived the client group "Bolt (old)"; add the id of another '
  'in the field "Groups", and ' || :'later' || :'none', 'one that was renamed and archived is');
SELECT spec.group_is(14, 'Bolt', 'Active');
SELECT is(spec.problems(spec.ann(2)), 'rec1: Jibble has archived the client group "Bolt (old)"; the active one of this '
  'name has the id ' || spec.guid('group', 14) || ': add it in the field "Groups", and ' || :'later' || :'none',
  '… and its former name finds the one that took its place');

SELECT spec.delete_group(3);
SELECT is(spec.problems(spec.ann(3)), 'rec1: Jibble no longer has the client group "Cora"; add the id of another in '
  'the field "Groups", and ' || :'later' || :'none', 'one that Jibble no longer lists is a problem');
SELECT spec.group_is(13, 'Cora', 'Active');
SELECT is(spec.problems(spec.ann(3)), 'rec1: Jibble no longer has the client group "Cora"; the active one of this '
  'name has the id ' || spec.guid('group', 13) || ': add it in the field "Groups", and ' || :'later' || :'none',
  '… and names the one that took its place');
SELECT spec.group_is(3, 'Cora', 'Active');
SELECT is(spec.problems(spec.ann(3)), NULL, '… until it is listed again');
SELECT is(spec.problems(spec.ann(4)), 'rec1: Jibble has shown no client group with this id; correct it in the field '
  '"Groups"', 'one that it never showed is another problem');
SELECT spec.feed('People', spec.person(1, client_group => spec.guid('group', 5)));
SELECT spec.delete_group(5);
SELECT is(spec.problems(spec.ann(5)), 'rec1: Jibble no longer has this client group; add the id of another in the '
  'field "Groups", and ' || :'later' || :'none', 'one that only a person named has no name');

SELECT * FROM finish();
ROLLBACK;
