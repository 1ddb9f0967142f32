#!/usr/bin/env bash
# versions.sh NPM: the version of PostgreSQL that no Debian has, 16, as NPM, a folder of test/npm/install.sh, has it,
# with the sql engine: all of test/pgtap but what needs the native engine, and the end-to-end tests marked every_server.
# What Debian has is tried natively: 15 by check.sh on Debian 12, 17 and 18 by debian/check.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
npm=$(cd "$1" && pwd)
build=$PWD/build

export PG_CONFIG=$npm/postgresql-16/pg_config
cluster=$build/check-16
test/cluster.sh stop "$cluster"
rm -rf "$cluster"
trap 'test/cluster.sh stop "$cluster"' EXIT
uri=$(test/cluster.sh scratch "$cluster")
superuser_uri=$(test/cluster.sh uri "$cluster" postgres)
psql -Xq -v ON_ERROR_STOP=1 "$superuser_uri" -c "CREATE EXTENSION pgtap"
echo "PostgreSQL $(psql -XAt "$uri" -c "SHOW server_version"), the sql engine:"
DATABASE_URL=$uri LOG_LEVEL=warning "$build/daemon/timesheetd" migrate
test/pgtap.sh "$uri" sql without-native
(
    cd test
    export PYTHONPATH=. PYTHONPYCACHEPREFIX=$build/pycache
    export TIMESHEET_TEST_URI=$uri TIMESHEET_TEST_SUPERUSER_URI=$superuser_uri
    export TIMESHEET_FAKE_JIBBLE=$build/fake/fake-jibble TIMESHEETD=$build/daemon/timesheetd TIMESHEET_TEST_ENGINES=sql
    export TIMESHEET_TEST_AGENTS=4000 # a fifth of the random histories: the rules are the same code everywhere
    /usr/bin/python3 -m pytest -q -rs -n 2 --dist loadfile -m every_server e2e
)
