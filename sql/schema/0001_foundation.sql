-- Release: 0.1.0
-- The schemas, the records of what was applied here and of what roles may do, and other names of time zones.

-- In another encoding it would run until the first name that is not ASCII.
DO $$
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the encoding of database "%" is %, but timesheet needs UTF8; nothing was changed',
      current_database(), current_setting('server_encoding')
      USING ERRCODE = 'feature_not_supported',
        HINT = 'Create another database, by createdb -E UTF8 -T template0 -l C.UTF-8 NAME, and use that one.';
  END IF;
END
$$;

CREATE SCHEMA timesheet;
COMMENT ON SCHEMA timesheet IS 'Hours worked, derived from Jibble time-tracking events (pg_timesheet).';

CREATE SCHEMA timesheet_client;
COMMENT ON SCHEMA timesheet_client IS
  'Hours worked for a client, for the client''s own role: see timesheet.set_client_access().';

CREATE TABLE timesheet.schema_migrations (
  version    int PRIMARY KEY,
  name       text NOT NULL,
  sha256     text,
  applied_by text,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE timesheet.schema_migrations IS
  'One row per file of sql/schema that was applied here, recorded by the file itself. timesheetd adds the SHA-256 of '
  'its text, so that an edited file is noticed; null where something else applied it.';
COMMENT ON COLUMN timesheet.schema_migrations.applied_by IS
  'The version of timesheetd that applied the file; an older one names it as the one to install.';

CREATE TABLE timesheet.applied_functions (
  singleton  boolean PRIMARY KEY DEFAULT true CONSTRAINT applied_functions_is_a_single_row CHECK (singleton),
  version    text NOT NULL,
  sha256     text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE timesheet.applied_functions IS
  'Which text of sql/functions is installed here: one row, once the functions were applied.';
COMMENT ON COLUMN timesheet.applied_functions.version IS
  'The release whose functions these are; an older timesheetd names it as the one to install.';
COMMENT ON COLUMN timesheet.applied_functions.sha256 IS
  'Of all files of sql/functions, one after another as its file order lists them. timesheetd migrate applies its own '
  'if this is another.';

CREATE TABLE timesheet.role_grants (
  object    text NOT NULL,
  privilege text NOT NULL,
  role      text NOT NULL,
  PRIMARY KEY (object, privilege, role)
);
COMMENT ON TABLE timesheet.role_grants IS
  'What our roles may do, as the files of sql/functions declare it by timesheet.set_grants(); also for roles that do '
  'not exist yet, see timesheet.grant_roles().';
COMMENT ON COLUMN timesheet.role_grants.object IS
  'As GRANT … ON names it: FUNCTION timesheet.engine(), TABLE timesheet.agents, SCHEMA timesheet.';

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
  'Names by which a time zone is known besides its own: older ones (source link: the tz database) and those of Windows '
  '(source windows: Unicode CLDR, windowsZones, territory 001). See timesheet.canonical_time_zone().';

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
  ('America/Puerto_Rico',
    '{America/Kralendijk,America/Lower_Princes,America/Marigot,America/St_Barthelemy,America/Virgin}'),
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
  ('Central Asia Standard Time', 'Asia/Bishkek'), ('Central Brazilian Standard Time', 'America/Cuiaba'),
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
  ('Mountain Standard Time (Mexico)', 'America/Mazatlan'), ('Myanmar Standard Time', 'Asia/Rangoon'),
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

INSERT INTO timesheet.schema_migrations (version, name) VALUES (1, '0001_foundation');
