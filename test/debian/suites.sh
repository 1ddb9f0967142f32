#!/usr/bin/env bash
# suites.sh: what make check-versions runs in each root of Debian, with that release's own compiler and PostgreSQL:
# builds with warnings as errors; pgTAP and installcheck by both engines; the end-to-end tests of the main path, or in
# the next release those of what differs most by server: the extension, upgrades, pg_cron and the poller.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$PWD/build
export PG_CONFIG=pg_config WERROR=-Werror CXXFLAGS=-O2
PATH=$(pg_config --bindir):$PATH
. /etc/os-release
echo "$PRETTY_NAME, $(pg_config --version), $(g++ --version | head -1):"

make -s -C extension
make -s -j2 -C daemon BUILD="$build/daemon"
make -s -j2 -C test/fake BUILD="$build/fake" check
rm -rf "$build/stage" "$build/check"
make -s -C extension install DESTDIR="$build/stage"

uri=$(test/cluster.sh scratch "$build/check" "$build/stage")
trap 'test/cluster.sh stop "$build/check"' EXIT
superuser_uri=$(test/cluster.sh uri "$build/check" postgres)
test/sql_suites.sh "$uri" "$superuser_uri"
echo "make installcheck, as a superuser:"
PGHOST=127.0.0.1 PGPORT=$(cat "$build/check/port") PGUSER=postgres PGPASSWORD=$(cat "$build/check/postgres.password") \
    make -s installcheck
marked="every_server or every_native_server"
[ "$VERSION_CODENAME" = trixie ] || marked=every_native_server
(
    cd test
    export PYTHONPATH=. PYTHONPYCACHEPREFIX=$build/pycache
    export TIMESHEET_TEST_URI=$uri TIMESHEET_TEST_SUPERUSER_URI=$superuser_uri
    export TIMESHEET_FAKE_JIBBLE=$build/fake/fake-jibble TIMESHEETD=$build/daemon/timesheetd
    export TIMESHEET_TEST_AGENTS=4000 # a fifth of the random histories: the rules are the same code everywhere
    /usr/bin/python3 -m pytest -q -rs -n 2 --dist loadfile -m "$marked" e2e
)
