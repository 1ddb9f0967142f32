#!/usr/bin/env bash
# digests.sh OWNER_URI TIMESHEETD [FOLDER]: contacts for the sample, and digests that are sent, failed, in doubt and
# queued, by timesheetd itself against a stand-in for the e-mail providers, which keeps those that were sent in the
# folder. They have links to the clients' portal where PORTAL_URL and PORTAL_SECRET are set. Safe to repeat.
set -euo pipefail
cd "$(dirname "$0")"
owner=$1 timesheetd=$2 folder=${3:-}
query() { psql -Xq -v ON_ERROR_STOP=1 "$owner" "$@"; }

query -f contacts.sql
if [ "$(query -Atc "SELECT count(*) FROM timesheet.digests WHERE state = 'sent'")" != 0 ]; then
    exit
fi
coproc peer { exec node mail_peer.mjs ${folder:+"$folder"}; }
peer_id=$peer_PID
trap 'kill $peer_id' EXIT
read -r port <&"${peer[0]}"

# Some digests here fail or are in doubt on purpose, which ends it with 1; its messages about them are not shown.
send() {
    local said
    said=$(env DATABASE_URL="$owner" LOG_LEVEL=error MAIL_FROM='Agency <hours@agency.example>' MAIL_PROVIDER="$1" \
        RESEND_API_KEY=sample RESEND_API_URL="http://127.0.0.1:$port" \
        MAILGUN_API_KEY=sample MAILGUN_DOMAIN=agency.example MAILGUN_API_URL="http://127.0.0.1:$port" \
        "$timesheetd" digest send --week 2026-11-16 2>&1) || [ $? = 1 ] || { echo "$said" >&2; exit 1; }
}
snapshot() {
    query -Atc "SELECT timesheet.snapshot_digest(timesheet.contact_id('$1'), '2026-11-16')" >/dev/null
}
send resend
snapshot claire@lumiere.example
send mailgun
snapshot maria.lopez@altamere.example # a revision that stays queued
# As if queued when the sample's weeks were over, not now.
query <<'SQL'
UPDATE timesheet.digest_deliveries AS d SET created_at = t.at,
  next_attempt_at = t.at + (d.next_attempt_at - d.created_at),
  first_attempt_at = t.at + t.wait + (d.first_attempt_at - d.created_at),
  last_attempt_at = t.at + t.wait + (d.last_attempt_at - d.created_at),
  sent_at = t.at + t.wait + (d.sent_at - d.created_at)
FROM (SELECT o.delivery_id, interval '1 minute' AS wait,
    (o.week + 7 + time '08:00') AT TIME ZONE 'UTC' + (o.revision - 1) * interval '23 hours' AS at
  FROM timesheet.digest_deliveries AS o) AS t
WHERE t.delivery_id = d.delivery_id;
SQL
