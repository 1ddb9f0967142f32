#!/usr/bin/env bash
# Runs the SQL suites in a database of its own on the server that PGHOST, PGPORT and PGUSER name.
set -euo pipefail
here=$(dirname "$0")
database=timesheet_installcheck
PGOPTIONS="-c client_min_messages=warning" dropdb --if-exists "$database"
createdb "$database"
trap 'dropdb "$database"' EXIT
"$here/sql_suites.sh" "postgresql:///$database"
