#!/usr/bin/env bash
# sql_suites.sh URI [SUPERUSER_URI]: applies sql/ to an empty database and runs test/pgtap there, once
# by each engine. The extension must be installed on the server; pgTAP is created with SUPERUSER_URI.
set -euo pipefail
cd "$(dirname "$0")/.."
uri=$1
superuser_uri=${2:-$1}
psql=(psql -X -q -v ON_ERROR_STOP=1)

"${psql[@]}" "$superuser_uri" -c "SET client_min_messages = warning" -c "CREATE EXTENSION IF NOT EXISTS pgtap"
if refusal=$("${psql[@]}" "$uri" -c "CREATE EXTENSION timesheet" 2>&1) ||
    [[ $refusal != *"Create it first with timesheetd migrate"* ]]; then
    echo "CREATE EXTENSION before the schema exists must fail with a hint, not: $refusal" >&2
    exit 1
fi
test/apply_sql.sh "$uri"
"${psql[@]}" "$uri" -c "CREATE EXTENSION timesheet"
for engine in native sql; do
    echo "pgTAP by the $engine engine:"
    test/pgtap.sh "$uri" "$engine"
done
