#!/usr/bin/env bash
# The dashboard's tests: lint, types, then the dashboard as deployed, on a private cluster with the sample organisation.
# Expects what make all and test/fake build; ends with a line of totals. Arguments are test files to run alone,
# without lint.
#   run.sh screenshots [FOLDER [PAGE...]]   screenshots into FOLDER (build/screenshots) instead; the README shows one
set -euo pipefail
cd "$(dirname "$0")/.."
. ./node.sh
build=${BUILD:-$PWD/../build}
export TIMESHEETD=$build/daemon/timesheetd
cluster=$build/web-check
export PATH=$("${PG_CONFIG:-pg_config}" --bindir):$PATH

build_dashboard
[ $# -gt 0 ] || ./lint.sh
node node_modules/typescript/bin/tsc --noEmit
# What is deployed, where a test of it is wanted.
if [ $# -eq 0 ] || [[ " $* " == *vercel.test* ]]; then
    make -s -C .. BUILD="$build" vercel
    export TIMESHEET_WEB_TEST_VERCEL=$build/vercel
fi

../test/cluster.sh stop "$cluster"
rm -rf "$cluster"
fake=
finish() {
    [ -z "$fake" ] || { kill "$fake" && wait "$fake" || true; }
    ../test/cluster.sh stop "$cluster"
}
trap finish EXIT
owner=$(../test/cluster.sh scratch "$cluster" "$build/stage")
superuser=$(../test/cluster.sh uri "$cluster" postgres)
owner=${owner%/*}/web

# pg_cron keeps a connection to the cluster's first database, and only one without any can be copied.
psql -Xq -v ON_ERROR_STOP=1 "$superuser" -c "CREATE DATABASE web OWNER timesheet"
"$build/fake/fake-jibble" >"$cluster/fake.json" &
fake=$!
for _ in $(seq 100); do
    [ -s "$cluster/fake.json" ] && break
    kill -0 $fake
    sleep 0.1
done
host() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$cluster/fake.json"; }
export DATABASE_URL=$owner JIBBLE_CLIENT_ID=demo JIBBLE_CLIENT_SECRET=demo-secret JIBBLE_REQUESTS_PER_SECOND=1000 \
    LOG_LEVEL=warning JIBBLE_IDENTITY_URL=$(host identity) JIBBLE_WORKSPACE_URL=$(host workspace) \
    JIBBLE_TIME_TRACKING_URL=$(host time_tracking) JIBBLE_TIME_ATTENDANCE_URL=$(host time_attendance)
"$build/daemon/timesheetd" migrate
"$build/daemon/timesheetd" backfill --since 2026-08-30 --until 2026-11-25
unset DATABASE_URL
psql -Xq -v ON_ERROR_STOP=1 -f test/world.sql "$owner"
PORTAL_URL=http://127.0.0.1:3000/portal PORTAL_SECRET='a secret of the tests that is long enough' \
    demo/digests.sh "$owner" "$build/daemon/timesheetd" "$cluster/mail"
export TIMESHEET_WEB_TEST_MAIL=$cluster/mail
TIMESHEET_WEB_TEST_READER_URI=$(./role.sh dashboard "$owner" "$superuser")
TIMESHEET_WEB_TEST_UNSUBSCRIBE_URI=$(./role.sh unsubscribe "$owner" "$superuser")
TIMESHEET_WEB_TEST_OPERATOR_URI=$(./role.sh operator "$owner" "$superuser")
TIMESHEET_WEB_TEST_PORTAL_URI=$(./role.sh portal "$owner" "$superuser")
for copy in hostile acting; do
    psql -Xq -v ON_ERROR_STOP=1 "$superuser" -c "CREATE DATABASE $copy TEMPLATE web OWNER timesheet"
done
export TIMESHEET_WEB_TEST_OWNER_URI=$owner TIMESHEET_WEB_TEST_SUPERUSER_URI=$superuser
export TIMESHEET_WEB_TEST_READER_URI TIMESHEET_WEB_TEST_UNSUBSCRIBE_URI TIMESHEET_WEB_TEST_OPERATOR_URI
export TIMESHEET_WEB_TEST_PORTAL_URI

if [ "${1:-}" = screenshots ]; then
    node test/screenshots.mjs "${2:-$build/screenshots}" "${@:3}"
    exit
fi
[ $# -gt 0 ] || set -- test/*.test.mjs
node --disable-warning=ExperimentalWarning --disable-warning=MODULE_TYPELESS_PACKAGE_JSON \
    --test --test-concurrency=1 --test-timeout=120000 --test-reporter=./test/totals.mjs "$@"
