#!/usr/bin/env bash
# pgtap.sh URI ENGINE [without-native | FILE...]: runs test/pgtap, or some files of it, by an engine, in a database that
# has the schema and pgTAP. Where the extension cannot be had, the files that say they need it are named instead of run.
set -euo pipefail
cd "$(dirname "$0")/.."
uri=$1 engine=$2 without_native=
shift 2
if [ "${1:-}" = without-native ]; then
    without_native=$1
    shift
fi
[ $# -gt 0 ] || set -- test/pgtap/*.sql
needs_native='^-- Needs the native engine'

files=()
for file; do
    if [ "$file" = test/pgtap/setup.sql ]; then
        continue
    elif [ -n "$without_native" ] && grep -q "$needs_native" "$file"; then
        echo "not run, as it needs the native engine: $file"
    else
        files+=("$file")
    fi
done
psql -X -q -v ON_ERROR_STOP=1 "$uri" -Atc "SELECT timesheet.use_engine('$engine')" >/dev/null
pg_prove --failures -d "$uri" "${files[@]}"
