#!/usr/bin/env bash
# The dashboard and the clients' portal on the demo's data, for this machine alone: no sign-in to the dashboard, and
# they listen on loopback.
#
#   run.sh              builds what is missing, starts it on PORT (3000 unless given), until Ctrl-C
#   run.sh prepare      installs and builds only
set -euo pipefail
cd "$(dirname "$0")"
. ./node.sh
demo=${DEMO_DIR:-$PWD/../build/demo}

build_dashboard
[ "${1:-}" = prepare ] && exit

# Safe to repeat; without data of its own the demo is made first.
if [ ! -d "$demo/data" ]; then
    make -s -C .. demo
fi
owner=$(../test/cluster.sh start "$demo" "$PWD/../build/stage")
superuser=$(../test/cluster.sh uri "$demo" postgres)
database_url=$(./role.sh dashboard "$owner" "$superuser")
operator_url=$(./role.sh operator "$owner" "$superuser")
portal_database_url=$(./role.sh portal "$owner" "$superuser")
# The sample data end somewhere: their last busy day is the dashboard's today.
now=$(psql -XAtq "$owner" -c "
    SELECT to_char((max(start_time_utc) - interval '20 minutes') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
    FROM timesheet.time_entries WHERE deleted_at IS NULL AND start_time_utc <= now()")

# Rules link to the repository that this was cloned from, if that is on GitHub.
repository=$({ git remote get-url origin 2>/dev/null || true; } |
    sed -nE 's#^(https://|git@)github\.com[/:]([^/]+/[^/]+)$#\2#p' | sed 's/\.git$//')
if [ -n "$repository" ]; then
    export DOCS_URL=${DOCS_URL:-https://github.com/$repository/blob/$(git rev-parse HEAD)/docs}
fi

echo "The dashboard is at http://127.0.0.1:${PORT:-3000}, and the link of the demo's e-mail opens the clients' portal;"
echo "Ctrl-C ends both."
exec env DATABASE_URL="$database_url" OPERATOR_DATABASE_URL="$operator_url" OPERATORS=demo@agency.example \
    PORTAL_DATABASE_URL="$portal_database_url" PORTAL_URL="http://127.0.0.1:${PORT:-3000}/portal" \
    PORTAL_NAME='Sample Agency' \
    TIMESHEET_WEB_DEMO=1 TIMESHEET_WEB_NOW="$now" \
    node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port "${PORT:-3000}"
