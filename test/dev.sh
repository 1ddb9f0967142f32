#!/usr/bin/env bash
# dev.sh unit|sql|e2e|web [FILTER]: one suite, or the tests of it whose name has FILTER; builds what changed first.
# The server stays up between runs, in build/dev, and is made again when the schema or the extension changed;
# make test-stop ends it.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${1:-} filter=${2:-}
build=$PWD/build
cluster=$build/dev
PATH=$("${PG_CONFIG:-pg_config}" --bindir):$PATH

build_all() {
    make -s -j2 all
    make -s -j2 -C test/fake BUILD="$build/fake"
    make -s -C extension install DESTDIR="$build/stage"
}

# A migrated database with pgTAP on a server that stays up.
start_server() {
    local made
    made=$({ find sql -type f -print0 | sort -z | xargs -0 cat && cat extension/timesheet.so; } | sha256sum)
    if [ "$made" != "$(cat "$build/dev.made" 2>/dev/null)" ]; then
        test/cluster.sh stop "$cluster"
        rm -rf "$cluster" "$build/dev.made"
    fi
    uri=$(test/cluster.sh scratch "$cluster" "$build/stage")
    superuser_uri=$(test/cluster.sh uri "$cluster" postgres)
    [ ! -e "$build/dev.made" ] || return 0
    psql -Xq -v ON_ERROR_STOP=1 "$superuser_uri" -c "SET client_min_messages = warning" \
        -c "CREATE EXTENSION IF NOT EXISTS pgtap"
    DATABASE_URL=$uri LOG_LEVEL=warning "$build/daemon/timesheetd" migrate
    echo "$made" >"$build/dev.made"
}

# The files among those given whose name or text has the filter; all of them without one.
matching() {
    local file found=()
    for file in "$@"; do
        if [ -z "$filter" ] || [[ $file == *"$filter"* ]] || grep -qF -- "$filter" "$file"; then
            found+=("$file")
        fi
    done
    if [ ${#found[@]} -eq 0 ]; then
        echo "make test-$suite: no test has \"$filter\" in its name or file; give another K" >&2
        exit 1
    fi
    printf '%s\n' "${found[@]}"
}

case $suite in
unit)
    export GTEST_FILTER="*$filter*"
    make -s -j2 -C test/unit BUILD="$build/unit"
    make -s -j2 -C daemon BUILD="$build/daemon-unit" unit
    ;;
sql)
    build_all
    start_server
    mapfile -t files < <(matching $(find test/pgtap -name '*.sql' ! -name setup.sql | sort))
    [ ${#files[@]} -gt 0 ] || exit 1
    for engine in native sql; do
        test/pgtap.sh "$uri" $engine "${files[@]}"
    done
    ;;
e2e)
    build_all
    start_server
    cd test
    mapfile -t files < <(matching $(find oracle e2e -name 'test_*.py' | sort))
    [ ${#files[@]} -gt 0 ] || exit 1
    export PYTHONPATH=. PYTHONPYCACHEPREFIX=$build/pycache
    export TIMESHEET_TEST_URI=$uri TIMESHEET_TEST_SUPERUSER_URI=$superuser_uri
    export TIMESHEET_FAKE_JIBBLE=$build/fake/fake-jibble TIMESHEETD=$build/daemon/timesheetd
    /usr/bin/python3 -m pytest -q -rs ${filter:+-k "$filter"} "${files[@]}"
    ;;
web)
    build_all
    cd web
    mapfile -t files < <(matching test/*.test.mjs)
    [ ${#files[@]} -gt 0 ] || exit 1
    test/run.sh "${files[@]}"
    ;;
*)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
    ;;
esac
