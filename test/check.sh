#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every suite on a private cluster.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/build
# Without what is for a debugger, which takes a third of the compilation.
export PG_CONFIG=${PG_CONFIG:-pg_config} WERROR=-Werror CXXFLAGS=-O2
PATH=$("$PG_CONFIG" --bindir):$PATH
mkdir -p "$build"

beside=() # name of what runs beside, by process
# beside NAME COMMAND…: runs it beside what comes next; what it says is shown by `together`.
beside() {
    local name=$1
    shift
    setsid "$@" >"$build/$name.log" 2>&1 &
    beside[$!]=$name
}
# Waits for everything that runs beside, shows what it said, and fails if any of it failed.
together() {
    local process ended failed=
    for process in "${!beside[@]}"; do
        ended=0
        wait "$process" || ended=$?
        cat "$build/${beside[process]}.log"
        [ $ended -eq 0 ] || failed+=" ${beside[process]} ended with $ended;"
        unset "beside[process]"
    done
    [ -z "$failed" ] || { echo "make check:${failed%;}" >&2; exit 1; }
}
finish() {
    local process
    for process in "${!beside[@]}"; do # with all that it started; each stops its own server
        kill -- "-$process" 2>/dev/null || kill "$process" 2>/dev/null || true
        wait "$process" || true
        cat "$build/${beside[process]}.log"
    done
    test/cluster.sh stop "$build/check"
}
test/cluster.sh stop "$build/check"
rm -rf "$build/check" "$build/stage"
trap finish EXIT

# Whatever keeps one core busy, or waits, runs beside something else.
beside format test/format.sh
beside fake make -s -j2 -C test/fake BUILD="$build/fake" check
make -s -C extension clean
make -s -C extension
for library in $(readelf -d extension/timesheet.so | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'); do
    case $library in
    libc.so.6 | ld-linux*) ;;
    *) echo "timesheet.so needs $library; only libc is allowed" >&2; exit 1 ;;
    esac
done
make -s -j2 -C daemon BUILD="$build/daemon"
beside lint test/lint_cpp.sh changed
beside unit make -s test-unit

make -s -C extension install DESTDIR="$build/stage"
uri=$(test/cluster.sh scratch "$build/check" "$build/stage")
superuser_uri=$(test/cluster.sh uri "$build/check" postgres)
test/sql_suites.sh "$uri" "$superuser_uri" # as the database's owner
echo "make installcheck, as a superuser:"
PGHOST=127.0.0.1 PGPORT=$(cat "$build/check/port") PGUSER=postgres PGPASSWORD=$(cat "$build/check/postgres.password") \
    make -s installcheck
test/npm/install.sh "$build/npm"
together

beside vercel make -s vercel
(
    cd test
    export PYTHONPATH=. PYTHONPYCACHEPREFIX=$build/pycache
    export TIMESHEET_TEST_URI=$uri TIMESHEET_TEST_SUPERUSER_URI=$superuser_uri
    export TIMESHEET_FAKE_JIBBLE=$build/fake/fake-jibble TIMESHEETD=$build/daemon/timesheetd
    # More processes than cores, as many of the tests wait.
    /usr/bin/python3 -m pytest -q -rs -n $(($(nproc) + 3)) --dist loadfile oracle e2e
)
together

beside versions test/versions.sh "$build/npm"
beside web env BUILD="$build" web/test/run.sh
together
test/skips.sh
