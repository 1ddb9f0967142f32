#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every suite on a private cluster.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/build
export PG_CONFIG=${PG_CONFIG:-pg_config} WERROR=-Werror
PATH=$("$PG_CONFIG" --bindir):$PATH

test/format.sh
make -s -C extension clean
make -s -C extension
for library in $(readelf -d extension/timesheet.so | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'); do
    case $library in
    libc.so.6 | ld-linux*) ;;
    *) echo "timesheet.so needs $library; only libc is allowed" >&2; exit 1 ;;
    esac
done
make -s -j2 -C daemon BUILD="$build/daemon"
test/lint_cpp.sh changed
make -s test-unit
make -s -j2 -C test/fake BUILD="$build/fake" check

rm -rf "$build/stage"
make -s -C extension install DESTDIR="$build/stage"
test/cluster.sh stop "$build/check"
rm -rf "$build/check"
versions=
finish() {
    if [ -n "$versions" ]; then # with all that it started; it stops its own server
        kill -- "-$versions" 2>/dev/null || true
        wait "$versions" || true
        cat "$build/versions.log"
    fi
    test/cluster.sh stop "$build/check"
}
trap finish EXIT
uri=$(test/cluster.sh scratch "$build/check" "$build/stage")
superuser_uri=$(test/cluster.sh uri "$build/check" postgres)
test/sql_suites.sh "$uri" "$superuser_uri" # as the database's owner
echo "make installcheck, as a superuser:"
PGHOST=127.0.0.1 PGPORT=$(cat "$build/check/port") PGUSER=postgres PGPASSWORD=$(cat "$build/check/postgres.password") \
    make -s installcheck

test/npm/install.sh "$build/npm"
(
    cd test
    export PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 TIMESHEET_TEST_URI=$uri TIMESHEET_TEST_SUPERUSER_URI=$superuser_uri
    export TIMESHEET_FAKE_JIBBLE=$build/fake/fake-jibble TIMESHEETD=$build/daemon/timesheetd
    /usr/bin/python3 -m pytest -q -rs -n auto --dist loadfile oracle e2e
)

# Side by side, as neither keeps two cores busy; what the first one said is shown after the other.
setsid test/versions.sh "$build/npm" >"$build/versions.log" 2>&1 &
versions=$!
page=0
BUILD=$build web/test/run.sh || page=$?
others=0
wait $versions || others=$?
versions=
cat "$build/versions.log"
if [ "$page $others" != "0 0" ]; then
    echo "make check: the page's tests ended with $page, those of PostgreSQL 16 with $others" >&2
    exit 1
fi
test/skips.sh
