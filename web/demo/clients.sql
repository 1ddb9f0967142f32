-- What Jibble does not have about the sample's clients: their zones, and a week that begins on Sunday.
UPDATE timesheet.client_groups SET time_zone = 'America/New_York'
WHERE time_zone IS NULL AND name IN ('Altamere Health', 'Redstone Solar', 'Granite Peak Insurance');
UPDATE timesheet.client_groups SET time_zone = 'Europe/London'
WHERE time_zone IS NULL AND name IN ('Café Lumière Catering', 'Quillfeather Publishing');
UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE week_starts_on IS NULL AND name = 'Quillfeather Publishing';
