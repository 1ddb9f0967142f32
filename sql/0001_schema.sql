-- The schema of all SQL objects, the record of which migration made what, and what is a time zone.

CREATE SCHEMA timesheet;
COMMENT ON SCHEMA timesheet IS 'Hours worked, derived from Jibble time-tracking events (pg_timesheet).';

CREATE TABLE timesheet.schema_migrations (
  version    int PRIMARY KEY,
  name       text NOT NULL,
  sha256     text,
  applied_by text,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE timesheet.schema_migrations IS
  'One row per file of sql/ that was applied here, recorded by the file itself. timesheetd adds the SHA-256 of its text, so that an edited file is noticed; null where something else applied it.';
COMMENT ON COLUMN timesheet.schema_migrations.applied_by IS 'The version of timesheetd that applied the file; an older one names it as the one to install.';

-- Only names of the time zone database count as zones: PostgreSQL itself also
-- takes POSIX strings, in which "Manila+8" silently means eight hours west.
CREATE FUNCTION timesheet.is_time_zone(name text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pg_timezone_names AS z WHERE z.name = is_time_zone.name)
$$;
COMMENT ON FUNCTION timesheet.is_time_zone(text) IS
  'Whether the server knows a time zone of exactly this name (see pg_timezone_names). False for null.';


-- Other names of zones, and the zone each means: facts, not rules. A link is of the tz database (its file `backward`,
-- and the links that 2024b made of EST and its like); a Windows name is of Unicode CLDR's windowsZones, territory 001.
CREATE TABLE timesheet.time_zone_aliases (
  alias  text NOT NULL,
  zone   text NOT NULL,
  source text NOT NULL CONSTRAINT source_must_be_link_or_windows CHECK (source IN ('link', 'windows')),
  PRIMARY KEY (source, alias)
);
CREATE UNIQUE INDEX time_zone_aliases_any_case ON timesheet.time_zone_aliases (lower(alias COLLATE "C"), source);
CREATE INDEX time_zone_aliases_zone ON timesheet.time_zone_aliases (lower(zone COLLATE "C"));
COMMENT ON TABLE timesheet.time_zone_aliases IS
  'Names by which a time zone is known besides its own: older ones (source link: the tz database) and those of Windows (source windows: Unicode CLDR, windowsZones, territory 001). See timesheet.canonical_time_zone().';

INSERT INTO timesheet.time_zone_aliases (alias, zone, source)
SELECT a.alias, l.zone, 'link' FROM (VALUES
  ('Africa/Abidjan', '{Africa/Timbuktu,Iceland}'), ('Africa/Cairo', '{Egypt}'),
  ('Africa/Nairobi', '{Africa/Asmera}'), ('Africa/Tripoli', '{Libya}'),
  ('America/Adak', '{America/Atka,US/Aleutian}'), ('America/Anchorage', '{US/Alaska}'),
  ('America/Argentina/Buenos_Aires', '{America/Buenos_Aires}'),
  ('America/Argentina/Catamarca', '{America/Argentina/ComodRivadavia,America/Catamarca}'),
  ('America/Argentina/Cordoba', '{America/Cordoba,America/Rosario}'), ('America/Argentina/Jujuy', '{America/Jujuy}'),
  ('America/Argentina/Mendoza', '{America/Mendoza}'), ('America/Chicago', '{CST6CDT,US/Central}'),
  ('America/Denver', '{America/Shiprock,MST7MDT,Navajo,US/Mountain}'), ('America/Detroit', '{US/Michigan}'),
  ('America/Edmonton', '{America/Yellowknife,Canada/Mountain}'), ('America/Halifax', '{Canada/Atlantic}'),
  ('America/Havana', '{Cuba}'),
  ('America/Indiana/Indianapolis', '{America/Fort_Wayne,America/Indianapolis,US/East-Indiana}'),
  ('America/Indiana/Knox', '{America/Knox_IN,US/Indiana-Starke}'), ('America/Iqaluit', '{America/Pangnirtung}'),
  ('America/Jamaica', '{Jamaica}'), ('America/Kentucky/Louisville', '{America/Louisville}'),
  ('America/Los_Angeles', '{PST8PDT,US/Pacific}'), ('America/Manaus', '{Brazil/West}'),
  ('America/Mazatlan', '{Mexico/BajaSur}'), ('America/Mexico_City', '{Mexico/General}'),
  ('America/New_York', '{EST5EDT,US/Eastern}'), ('America/Noronha', '{Brazil/DeNoronha}'),
  ('America/Nuuk', '{America/Godthab}'), ('America/Panama', '{America/Coral_Harbour,EST}'),
  ('America/Phoenix', '{MST,US/Arizona}'),
  ('America/Puerto_Rico', '{America/Kralendijk,America/Lower_Princes,America/Marigot,America/St_Barthelemy,America/Virgin}'),
  ('America/Regina', '{Canada/Saskatchewan}'), ('America/Rio_Branco', '{America/Porto_Acre,Brazil/Acre}'),
  ('America/Santiago', '{Chile/Continental}'), ('America/Sao_Paulo', '{Brazil/East}'),
  ('America/St_Johns', '{Canada/Newfoundland}'),
  ('America/Tijuana', '{America/Ensenada,America/Santa_Isabel,Mexico/BajaNorte}'),
  ('America/Toronto', '{America/Montreal,America/Nipigon,America/Thunder_Bay,Canada/Eastern}'),
  ('America/Vancouver', '{Canada/Pacific}'), ('America/Whitehorse', '{Canada/Yukon}'),
  ('America/Winnipeg', '{America/Rainy_River,Canada/Central}'), ('Asia/Ashgabat', '{Asia/Ashkhabad}'),
  ('Asia/Dhaka', '{Asia/Dacca}'), ('Asia/Ho_Chi_Minh', '{Asia/Saigon}'), ('Asia/Hong_Kong', '{Hongkong}'),
  ('Asia/Jerusalem', '{Asia/Tel_Aviv,Israel}'), ('Asia/Kathmandu', '{Asia/Katmandu}'),
  ('Asia/Kolkata', '{Asia/Calcutta}'), ('Asia/Macau', '{Asia/Macao}'), ('Asia/Makassar', '{Asia/Ujung_Pandang}'),
  ('Asia/Nicosia', '{Europe/Nicosia}'), ('Asia/Seoul', '{ROK}'),
  ('Asia/Shanghai', '{Asia/Chongqing,Asia/Chungking,Asia/Harbin,PRC}'), ('Asia/Singapore', '{Singapore}'),
  ('Asia/Taipei', '{ROC}'), ('Asia/Tehran', '{Iran}'), ('Asia/Thimphu', '{Asia/Thimbu}'), ('Asia/Tokyo', '{Japan}'),
  ('Asia/Ulaanbaatar', '{Asia/Choibalsan,Asia/Ulan_Bator}'), ('Asia/Urumqi', '{Asia/Kashgar}'),
  ('Asia/Yangon', '{Asia/Rangoon}'), ('Atlantic/Faroe', '{Atlantic/Faeroe}'),
  ('Australia/Adelaide', '{Australia/South}'), ('Australia/Brisbane', '{Australia/Queensland}'),
  ('Australia/Broken_Hill', '{Australia/Yancowinna}'), ('Australia/Darwin', '{Australia/North}'),
  ('Australia/Hobart', '{Australia/Currie,Australia/Tasmania}'), ('Australia/Lord_Howe', '{Australia/LHI}'),
  ('Australia/Melbourne', '{Australia/Victoria}'), ('Australia/Perth', '{Australia/West}'),
  ('Australia/Sydney', '{Australia/ACT,Australia/Canberra,Australia/NSW}'),
  ('Etc/GMT', '{Etc/GMT+0,Etc/GMT-0,Etc/GMT0,Etc/Greenwich,GMT,GMT+0,GMT-0,GMT0,Greenwich}'),
  ('Etc/UTC', '{Etc/UCT,Etc/Universal,Etc/Zulu,UCT,UTC,Universal,Zulu}'), ('Europe/Athens', '{EET}'),
  ('Europe/Belgrade', '{Europe/Podgorica}'), ('Europe/Berlin', '{Arctic/Longyearbyen,Atlantic/Jan_Mayen}'),
  ('Europe/Brussels', '{CET,MET}'), ('Europe/Chisinau', '{Europe/Tiraspol}'), ('Europe/Dublin', '{Eire}'),
  ('Europe/Helsinki', '{Europe/Mariehamn}'), ('Europe/Istanbul', '{Asia/Istanbul,Turkey}'),
  ('Europe/Kyiv', '{Europe/Kiev,Europe/Uzhgorod,Europe/Zaporozhye}'), ('Europe/Lisbon', '{Portugal,WET}'),
  ('Europe/London', '{Europe/Belfast,GB,GB-Eire}'), ('Europe/Moscow', '{W-SU}'),
  ('Europe/Prague', '{Europe/Bratislava}'), ('Europe/Rome', '{Europe/San_Marino,Europe/Vatican}'),
  ('Europe/Warsaw', '{Poland}'), ('Europe/Zurich', '{Europe/Busingen}'),
  ('Pacific/Auckland', '{Antarctica/South_Pole,NZ}'), ('Pacific/Chatham', '{NZ-CHAT}'),
  ('Pacific/Easter', '{Chile/EasterIsland}'), ('Pacific/Guadalcanal', '{Pacific/Ponape}'),
  ('Pacific/Honolulu', '{HST,Pacific/Johnston,US/Hawaii}'), ('Pacific/Kanton', '{Pacific/Enderbury}'),
  ('Pacific/Kwajalein', '{Kwajalein}'), ('Pacific/Pago_Pago', '{Pacific/Samoa,US/Samoa}'),
  ('Pacific/Port_Moresby', '{Pacific/Truk,Pacific/Yap}')
) AS l (zone, aliases) CROSS JOIN LATERAL unnest(l.aliases::text[]) AS a (alias);

INSERT INTO timesheet.time_zone_aliases (alias, zone, source)
SELECT w.alias, w.zone, 'windows' FROM (VALUES
  ('AUS Central Standard Time', 'Australia/Darwin'), ('AUS Eastern Standard Time', 'Australia/Sydney'),
  ('Afghanistan Standard Time', 'Asia/Kabul'), ('Alaskan Standard Time', 'America/Anchorage'),
  ('Aleutian Standard Time', 'America/Adak'), ('Altai Standard Time', 'Asia/Barnaul'),
  ('Arab Standard Time', 'Asia/Riyadh'), ('Arabian Standard Time', 'Asia/Dubai'),
  ('Arabic Standard Time', 'Asia/Baghdad'), ('Argentina Standard Time', 'America/Buenos_Aires'),
  ('Astrakhan Standard Time', 'Europe/Astrakhan'), ('Atlantic Standard Time', 'America/Halifax'),
  ('Aus Central W. Standard Time', 'Australia/Eucla'), ('Azerbaijan Standard Time', 'Asia/Baku'),
  ('Azores Standard Time', 'Atlantic/Azores'), ('Bahia Standard Time', 'America/Bahia'),
  ('Bangladesh Standard Time', 'Asia/Dhaka'), ('Belarus Standard Time', 'Europe/Minsk'),
  ('Bougainville Standard Time', 'Pacific/Bougainville'), ('Canada Central Standard Time', 'America/Regina'),
  ('Cape Verde Standard Time', 'Atlantic/Cape_Verde'), ('Caucasus Standard Time', 'Asia/Yerevan'),
  ('Cen. Australia Standard Time', 'Australia/Adelaide'), ('Central America Standard Time', 'America/Guatemala'),
  ('Central Asia Standard Time', 'Asia/Almaty'), ('Central Brazilian Standard Time', 'America/Cuiaba'),
  ('Central Europe Standard Time', 'Europe/Budapest'), ('Central European Standard Time', 'Europe/Warsaw'),
  ('Central Pacific Standard Time', 'Pacific/Guadalcanal'), ('Central Standard Time', 'America/Chicago'),
  ('Central Standard Time (Mexico)', 'America/Mexico_City'), ('Chatham Islands Standard Time', 'Pacific/Chatham'),
  ('China Standard Time', 'Asia/Shanghai'), ('Cuba Standard Time', 'America/Havana'),
  ('Dateline Standard Time', 'Etc/GMT+12'), ('E. Africa Standard Time', 'Africa/Nairobi'),
  ('E. Australia Standard Time', 'Australia/Brisbane'), ('E. Europe Standard Time', 'Europe/Chisinau'),
  ('E. South America Standard Time', 'America/Sao_Paulo'), ('Easter Island Standard Time', 'Pacific/Easter'),
  ('Eastern Standard Time', 'America/New_York'), ('Eastern Standard Time (Mexico)', 'America/Cancun'),
  ('Egypt Standard Time', 'Africa/Cairo'), ('Ekaterinburg Standard Time', 'Asia/Yekaterinburg'),
  ('FLE Standard Time', 'Europe/Kiev'), ('Fiji Standard Time', 'Pacific/Fiji'),
  ('GMT Standard Time', 'Europe/London'), ('GTB Standard Time', 'Europe/Bucharest'),
  ('Georgian Standard Time', 'Asia/Tbilisi'), ('Greenland Standard Time', 'America/Godthab'),
  ('Greenwich Standard Time', 'Atlantic/Reykjavik'), ('Haiti Standard Time', 'America/Port-au-Prince'),
  ('Hawaiian Standard Time', 'Pacific/Honolulu'), ('India Standard Time', 'Asia/Calcutta'),
  ('Iran Standard Time', 'Asia/Tehran'), ('Israel Standard Time', 'Asia/Jerusalem'),
  ('Jordan Standard Time', 'Asia/Amman'), ('Kaliningrad Standard Time', 'Europe/Kaliningrad'),
  ('Korea Standard Time', 'Asia/Seoul'), ('Libya Standard Time', 'Africa/Tripoli'),
  ('Line Islands Standard Time', 'Pacific/Kiritimati'), ('Lord Howe Standard Time', 'Australia/Lord_Howe'),
  ('Magadan Standard Time', 'Asia/Magadan'), ('Magallanes Standard Time', 'America/Punta_Arenas'),
  ('Marquesas Standard Time', 'Pacific/Marquesas'), ('Mauritius Standard Time', 'Indian/Mauritius'),
  ('Middle East Standard Time', 'Asia/Beirut'), ('Montevideo Standard Time', 'America/Montevideo'),
  ('Morocco Standard Time', 'Africa/Casablanca'), ('Mountain Standard Time', 'America/Denver'),
  ('Mountain Standard Time (Mexico)', 'America/Chihuahua'), ('Myanmar Standard Time', 'Asia/Rangoon'),
  ('N. Central Asia Standard Time', 'Asia/Novosibirsk'), ('Namibia Standard Time', 'Africa/Windhoek'),
  ('Nepal Standard Time', 'Asia/Katmandu'), ('New Zealand Standard Time', 'Pacific/Auckland'),
  ('Newfoundland Standard Time', 'America/St_Johns'), ('Norfolk Standard Time', 'Pacific/Norfolk'),
  ('North Asia East Standard Time', 'Asia/Irkutsk'), ('North Asia Standard Time', 'Asia/Krasnoyarsk'),
  ('North Korea Standard Time', 'Asia/Pyongyang'), ('Omsk Standard Time', 'Asia/Omsk'),
  ('Pacific SA Standard Time', 'America/Santiago'), ('Pacific Standard Time', 'America/Los_Angeles'),
  ('Pacific Standard Time (Mexico)', 'America/Tijuana'), ('Pakistan Standard Time', 'Asia/Karachi'),
  ('Paraguay Standard Time', 'America/Asuncion'), ('Qyzylorda Standard Time', 'Asia/Qyzylorda'),
  ('Romance Standard Time', 'Europe/Paris'), ('Russia Time Zone 10', 'Asia/Srednekolymsk'),
  ('Russia Time Zone 11', 'Asia/Kamchatka'), ('Russia Time Zone 3', 'Europe/Samara'),
  ('Russian Standard Time', 'Europe/Moscow'), ('SA Eastern Standard Time', 'America/Cayenne'),
  ('SA Pacific Standard Time', 'America/Bogota'), ('SA Western Standard Time', 'America/La_Paz'),
  ('SE Asia Standard Time', 'Asia/Bangkok'), ('Saint Pierre Standard Time', 'America/Miquelon'),
  ('Sakhalin Standard Time', 'Asia/Sakhalin'), ('Samoa Standard Time', 'Pacific/Apia'),
  ('Sao Tome Standard Time', 'Africa/Sao_Tome'), ('Saratov Standard Time', 'Europe/Saratov'),
  ('Singapore Standard Time', 'Asia/Singapore'), ('South Africa Standard Time', 'Africa/Johannesburg'),
  ('South Sudan Standard Time', 'Africa/Juba'), ('Sri Lanka Standard Time', 'Asia/Colombo'),
  ('Sudan Standard Time', 'Africa/Khartoum'), ('Syria Standard Time', 'Asia/Damascus'),
  ('Taipei Standard Time', 'Asia/Taipei'), ('Tasmania Standard Time', 'Australia/Hobart'),
  ('Tocantins Standard Time', 'America/Araguaina'), ('Tokyo Standard Time', 'Asia/Tokyo'),
  ('Tomsk Standard Time', 'Asia/Tomsk'), ('Tonga Standard Time', 'Pacific/Tongatapu'),
  ('Transbaikal Standard Time', 'Asia/Chita'), ('Turkey Standard Time', 'Europe/Istanbul'),
  ('Turks And Caicos Standard Time', 'America/Grand_Turk'), ('US Eastern Standard Time', 'America/Indianapolis'),
  ('US Mountain Standard Time', 'America/Phoenix'), ('UTC', 'Etc/UTC'), ('UTC+12', 'Etc/GMT-12'),
  ('UTC+13', 'Etc/GMT-13'), ('UTC-02', 'Etc/GMT+2'), ('UTC-08', 'Etc/GMT+8'), ('UTC-09', 'Etc/GMT+9'),
  ('UTC-11', 'Etc/GMT+11'), ('Ulaanbaatar Standard Time', 'Asia/Ulaanbaatar'),
  ('Venezuela Standard Time', 'America/Caracas'), ('Vladivostok Standard Time', 'Asia/Vladivostok'),
  ('Volgograd Standard Time', 'Europe/Volgograd'), ('W. Australia Standard Time', 'Australia/Perth'),
  ('W. Central Africa Standard Time', 'Africa/Lagos'), ('W. Europe Standard Time', 'Europe/Berlin'),
  ('W. Mongolia Standard Time', 'Asia/Hovd'), ('West Asia Standard Time', 'Asia/Tashkent'),
  ('West Bank Standard Time', 'Asia/Hebron'), ('West Pacific Standard Time', 'Pacific/Port_Moresby'),
  ('Yakutsk Standard Time', 'Asia/Yakutsk'), ('Yukon Standard Time', 'America/Whitehorse')
) AS w (alias, zone);

-- Nothing but a name of the tz database is tried: PostgreSQL itself also takes POSIX texts, abbreviations (in which CET
-- has no summer) and files that are no zone, such as posixrules. What SET takes is the server's own spelling. Names that
-- are POSIX texts or abbreviations as well, EST5EDT and CET and their like, are taken as what they link to: whether the
-- server has such a file is known from pg_timezone_names alone, which reads all of them each time.
CREATE FUNCTION timesheet.server_time_zone(given text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  found text;
BEGIN
  -- Ours: see canonical_time_zone().
  IF given ~ '^<[+-](0[0-9]|1[0-4]):[0-5][0-9]>' AND given = left(given, 8) || translate(substr(given, 2, 1), '+-', '-+') || substr(given, 3, 5) THEN
    RETURN CASE WHEN now() AT TIME ZONE given IS NOT NULL THEN given END;
  ELSIF given COLLATE "C" !~* ('^((africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|europe|indian|mexico|pacific|us)/[a-z_/-]+'
      || '|etc/(gmt(-([0-9]|1[0-4])|[+]([0-9]|1[0-2])|0)?|utc|uct|universal|zulu|greenwich)|gmt([+-]?0)?|utc|uct|universal|zulu|greenwich'
      || '|cuba|egypt|eire|gb|gb-eire|hongkong|iceland|iran|israel|jamaica|japan|kwajalein|libya|nz|nz-chat|navajo|prc|poland|portugal'
      || '|roc|rok|singapore|turkey|w-su)$') THEN
    RETURN NULL;
  END IF;
  found := set_config('TimeZone', given, true);
  -- A file that is missing may still be a POSIX text, which is shown in capitals.
  RETURN CASE WHEN found NOT LIKE '%/%' OR found COLLATE "C" ~ '[a-z]' THEN found END;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION timesheet.server_time_zone(text) IS
  'A name of the tz database as this server spells it, or null where it is none that the server knows. Also takes offsets as timesheet.canonical_time_zone() writes them.';

-- One reading of a zone's text, wherever Jibble's or a person's becomes a zone. "UTC+08:00" lies east, as in ISO 8601,
-- though to PostgreSQL that text lies west, and so does Etc/GMT+8.
CREATE FUNCTION timesheet.canonical_time_zone(given text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  name CONSTANT text := btrim(given, E' \t\n\u000b\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff');
  key CONSTANT text := lower(name COLLATE "C");
  part CONSTANT text[] := regexp_match(key, E'^(?:utc|gmt) *([+\u2212-]) *([0-9]{1,2})(?::?([0-5][0-9]))?$');
  east CONSTANT boolean := part[1] = '+';
  minutes CONSTANT int := 60 * part[2]::int + coalesce(part[3], '0')::int;
  found text;
BEGIN
  IF name IS NULL OR name = '' OR length(name) > 100 THEN
    RETURN NULL;
  END IF;
  found := timesheet.server_time_zone(name);
  IF found IS NOT NULL THEN
    RETURN found;
  END IF;
  IF part IS NOT NULL THEN
    IF minutes > (CASE WHEN east THEN 14 ELSE 12 END) * 60 THEN
      RETURN NULL; -- no clock is set so
    END IF;
    RETURN coalesce(
      CASE WHEN minutes = 0 THEN coalesce(timesheet.server_time_zone('Etc/UTC'), 'UTC')
           WHEN minutes % 60 = 0 THEN timesheet.server_time_zone('Etc/GMT' || CASE WHEN east THEN '-' ELSE '+' END || minutes / 60) END,
      (SELECT '<' || CASE WHEN east THEN '+' ELSE '-' END || o.clock || '>' || CASE WHEN east THEN '-' ELSE '+' END || o.clock
       FROM (SELECT lpad((minutes / 60)::text, 2, '0') || ':' || lpad((minutes % 60)::text, 2, '0')) AS o (clock)));
  END IF;
  -- What it links to, for Windows' names through the name that CLDR gives; else whatever the server knows of the same zone.
  SELECT k.known INTO found
  FROM (
    SELECT a.zone, 1 AS rank FROM timesheet.time_zone_aliases AS a WHERE lower(a.alias COLLATE "C") = key
    UNION ALL
    SELECT b.zone, 0 FROM timesheet.time_zone_aliases AS a JOIN timesheet.time_zone_aliases AS b ON b.alias = a.zone AND b.source = 'link'
    WHERE lower(a.alias COLLATE "C") = key
    UNION ALL
    SELECT b.alias, 2 FROM timesheet.time_zone_aliases AS b
    WHERE b.source = 'link' AND (lower(b.zone COLLATE "C") = key OR b.zone IN (
      SELECT a.zone FROM timesheet.time_zone_aliases AS a WHERE lower(a.alias COLLATE "C") = key))
  ) AS c
  CROSS JOIN LATERAL (SELECT timesheet.server_time_zone(c.zone)) AS k (known)
  WHERE k.known IS NOT NULL
  ORDER BY c.rank, k.known LIMIT 1;
  RETURN found;
END
$$;
COMMENT ON FUNCTION timesheet.canonical_time_zone(text) IS
  'The zone that a text names, as AT TIME ZONE takes it on this server: a name of the tz database in any case of letters, an older one that the server lacks (then what it links to), a Windows name, or UTC±hh:mm (also GMT±h), which is east where it has a plus. Null for any other text, POSIX texts and abbreviations included.';

-- What is stored was known when it was written. It may not be here: after a restore on another server, or where the
-- server's zones were changed. Asked row by row, so what is plainly known is not looked up.
CREATE FUNCTION timesheet.usable_time_zone(stored text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 10
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF stored IS NULL OR stored = 'UTC' THEN
    RETURN stored;
  ELSIF stored ~ '^[A-Z][A-Za-z]+/[A-Za-z_/-]+$' THEN
    BEGIN
      PERFORM timezone(stored, timestamptz '2000-01-01 00:00Z');
      RETURN stored;
    EXCEPTION WHEN invalid_parameter_value THEN NULL;
    END;
  END IF;
  RETURN timesheet.canonical_time_zone(stored);
END
$$;
COMMENT ON FUNCTION timesheet.usable_time_zone(text) IS
  'A stored zone if this server knows it, what it knows of the same zone if not, else null. What comes of it can be given to AT TIME ZONE.';

-- For people: Etc/GMT-8 is eight hours east, which nobody would guess. Inlined by the planner.
CREATE FUNCTION timesheet.time_zone_label(zone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN zone ~ '^<[+-][0-9:]+>' THEN 'UTC' || split_part(substr(zone, 2), '>', 1)
  WHEN zone ~ '^Etc/GMT[+-][1-9]' THEN 'UTC' || translate(substr(zone, 8, 1), '+-', '-+') || lpad(substr(zone, 9), 2, '0') || ':00'
  ELSE zone END;
COMMENT ON FUNCTION timesheet.time_zone_label(text) IS 'A zone as people are shown it: its name, or UTC±hh:mm where it is an offset.';

-- Instead of a CHECK, which a restore would try against another server's zones.
CREATE FUNCTION timesheet.require_time_zone() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_default CONSTANT boolean := TG_TABLE_NAME = 'settings';
  before text;
  given text;
  known text;
BEGIN
  -- Fields that the other tables' rows do not have are asked for in statements of their own.
  IF is_default THEN
    given := NEW.default_time_zone;
  ELSE
    given := NEW.time_zone;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF is_default THEN
      before := OLD.default_time_zone;
    ELSE
      before := OLD.time_zone;
    END IF;
  END IF;
  IF given IS NULL OR given IS NOT DISTINCT FROM before THEN
    RETURN NEW; -- also where the server has forgotten it: nothing else of the row waits for that
  END IF;
  known := timesheet.canonical_time_zone(given);
  IF known IS NULL THEN
    RAISE EXCEPTION 'time zone "%" is not known, which violates "%"', left(given, 80), TG_ARGV[0]
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        HINT = 'Use a name of pg_timezone_names, such as Asia/Manila, or an offset such as UTC+08:00.';
  END IF;
  IF is_default THEN
    NEW.default_time_zone := known;
  ELSE
    NEW.time_zone := known;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION timesheet.require_time_zone() IS
  'Trigger: writes the zone of a row as timesheet.canonical_time_zone() reads it, and refuses one that is not known. Errors: check_violation, by the name given to the trigger.';

INSERT INTO timesheet.schema_migrations (version, name) VALUES (1, '0001_schema');
