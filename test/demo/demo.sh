#!/usr/bin/env bash
# The main job, end to end: a sample Jibble organisation, served over HTTP, is ingested by timesheetd
# into a private cluster, its last full week is reported, and the clients' contacts get it by e-mail, with links to the
# portal. Safe to repeat; demo.sh stop ends it.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$PWD/build
PATH=$("${PG_CONFIG:-pg_config}" --bindir):$PATH
demo=${DEMO_DIR:-$build/demo} # another place, for the test of this script

if [ "${1:-}" = stop ]; then
    test/cluster.sh stop "$demo"
    echo "The demo's server has stopped; make clean removes its data."
    exit
fi

say() { printf '\n== %s\n' "$*"; }

say "Starting a private PostgreSQL cluster in ${demo#"$PWD/"}"
# Data of another version of sql/ are of no use to this one, and e-mails are sent once: without them all is made again.
version=$(cat sql/schema/*.sql sql/functions/*/*.sql | sha256sum)
contact=maria.lopez@altamere.example
newest_email() {
    find "$demo/mail" -name "*-$contact.html" 2>/dev/null | sort -V | tail -n 1
}
if [ -d "$demo" ] && { [ "$version" != "$(cat "$demo/version" 2>/dev/null)" ] || [ -z "$(newest_email)" ]; }; then
    test/cluster.sh stop "$demo"
    rm -rf "$demo"
fi
mkdir -p "$demo"
echo "$version" >"$demo/version"
uri=$(test/cluster.sh start "$demo" "$build/stage")

say "Serving a sample Jibble organisation: 40 agents, 26 client groups, 12 weeks"
rm -f "$demo/fake.json"
"$build/fake/fake-jibble" --truth "$demo/truth.json" >"$demo/fake.json" &
fake=$!
trap 'kill $fake; wait $fake' EXIT
for _ in $(seq 100); do
    [ -s "$demo/fake.json" ] && break
    kill -0 $fake
    sleep 0.1
done
host() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$demo/fake.json"; }
export DATABASE_URL=$uri JIBBLE_CLIENT_ID=demo JIBBLE_CLIENT_SECRET=demo-secret JIBBLE_REQUESTS_PER_SECOND=50 \
    JIBBLE_IDENTITY_URL=$(host identity) JIBBLE_WORKSPACE_URL=$(host workspace) \
    JIBBLE_TIME_TRACKING_URL=$(host time_tracking) JIBBLE_TIME_ATTENDANCE_URL=$(host time_attendance)

say "Creating the schema and ingesting its history, and the last days as the service does"
"$build/daemon/timesheetd" migrate
"$build/daemon/timesheetd" backfill --since 2026-08-30 --until 2026-11-25
"$build/daemon/timesheetd" sync

say "Setting the cut-off of the night-shift groups to noon, and scheduling the pg_cron jobs"
psql=(psql -X -q -v ON_ERROR_STOP=1 "$uri")
export PGCLIENTENCODING=UTF8
night_groups=$(/usr/bin/python3 -c '
import json, sys
print("{" + ",".join(json.load(open(sys.argv[1]))["night_groups"]) + "}")' "$demo/truth.json")
"${psql[@]}" -At -v night_groups="$night_groups" <<'SQL'
SELECT g.name || ': ' ||
  timesheet.set_working_time('2026-08-01', for_client_group => g.client_group_id, day_cutoff => '12:00') ||
  ' entries moved'
FROM timesheet.client_groups AS g
WHERE g.jibble_id = ANY (:'night_groups'::uuid[])
  AND NOT EXISTS (SELECT FROM timesheet.working_time_overrides AS w WHERE w.client_group_id = g.client_group_id);
SELECT timesheet.schedule_jobs() || ' pg_cron jobs scheduled';
SQL

"${psql[@]}" -f test/demo/report.sql

say "Sending the digests of its last weeks to the clients' contacts, by a stand-in for the e-mail provider"
[ -s "$demo/portal.secret" ] || (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$demo/portal.secret")
"${psql[@]}" -f web/demo/clients.sql
portal=http://127.0.0.1:${PORT:-3000}/portal
PORTAL_URL=$portal PORTAL_SECRET=$(cat "$demo/portal.secret") \
    web/demo/digests.sh "$uri" "$build/daemon/timesheetd" "$demo/mail"
# They may have been sent when make web was to serve the pages on another port.
sed -i -E "s#http://127\\.0\\.0\\.1:[0-9]+/portal\\b#$portal#g" "$demo"/mail/*.html
# The links of a demo that was made long ago work again, as if its e-mails had just been sent.
"${psql[@]}" -c "UPDATE timesheet.portal_links SET created_at = now() WHERE ended_at IS NULL"
email=$(newest_email)
link=$(grep -oE 'http://[^"]*/portal\?token=[A-Za-z0-9_-]{43}' "$email" | head -n 1)

cat <<TEXT
An e-mail to $contact is in
  ${email#"$PWD/"}
Its link opens the contact's own hours, while make web serves the pages (docs/portal.md):
  $link

The demo's database is at
  $uri
Look around with psql '$uri'; stop it with make demo-stop.
TEXT
