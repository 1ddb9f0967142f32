#!/usr/bin/env bash
# apply_sql.sh URI: applies sql/ by psql as timesheetd migrate does: each step and then all functions,
# each in a transaction.
set -euo pipefail
cd "$(dirname "$0")/.."
psql=(psql -X -q -v ON_ERROR_STOP=1 --single-transaction)

for step in sql/schema/*.sql; do
    "${psql[@]}" -f "$step" "$1" || { echo "failed: $step" >&2; exit 1; }
done
sql/functions/assemble.sh | "${psql[@]}" -f - "$1" || { echo "failed: sql/functions" >&2; exit 1; }
