-- Contacts of the sample's clients, as Airtable would list them; two of the records are wrong.
SELECT problems AS wrong FROM timesheet.store_contacts((
  SELECT json_agg(json_build_object('id', 'rec' || c.n, 'fields',
    json_build_object('Email', c.email, 'Client', coalesce(
    (SELECT string_agg(g.jibble_id::text, ', ') FROM timesheet.client_groups AS g WHERE g.name = ANY (c.names)),
    '00000000-0000-4000-8000-000000000000'))))
  FROM (VALUES
    (1, 'maria.lopez@altamere.example', ARRAY['Altamere Health']),
    (2, 'operations@redstone.example', ARRAY['Redstone Solar', 'Granite Peak Insurance']),
    (3, 'j.oneil@quillfeather.example', ARRAY['Quillfeather Publishing']),
    (4, 'claire@lumiere.example', ARRAY['Café Lumière Catering']),
    (5, 'gone@granitepeak.example', ARRAY['Granite Peak Insurance']),
    (6, 'no answer', ARRAY['Altamere Health']),
    (7, 'new@altamere.example', ARRAY['No such client'])) AS c (n, email, names)), 'Email', 'Client') \gset
-- The weeks that are over in the sample; timesheetd would queue them by itself, later.
SELECT count(timesheet.snapshot_digest(c.contact_id, w.week)) AS queued
FROM timesheet.contacts AS c CROSS JOIN (VALUES (date '2026-11-09'), ('2026-11-16')) AS w (week)
WHERE c.removed_at IS NULL AND c.email <> 'new@altamere.example'
  AND NOT (c.email LIKE 'gone@%' AND w.week = '2026-11-09')
  AND NOT EXISTS (SELECT FROM timesheet.digest_deliveries AS d
    WHERE d.contact_id = c.contact_id AND d.week = w.week) \gset
