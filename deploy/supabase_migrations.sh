#!/usr/bin/env bash
# supabase_migrations.sh FOLDER: writes sql/ as the Supabase CLI wants it, FOLDER/migrations/<timestamp>_timesheet_<name>.sql.
# A timestamp is that of 1 January 2026 and as many seconds as the migration's number says: the same at every run and in
# every release, so that the CLI knows what a project has.
set -euo pipefail
mkdir -p "$1/migrations"
folder=$(cd "$1/migrations" && pwd)
cd "$(dirname "$0")/.."

written=0
for file in sql/[0-9][0-9][0-9][0-9]_*.sql; do
    name=$(basename "$file" .sql)
    number=$((10#${name%%_*}))
    timestamp=20260101$(printf '%02d%02d%02d' $((number / 3600)) $((number / 60 % 60)) $((number % 60)))
    target=$folder/${timestamp}_timesheet_${name#*_}.sql
    for other in "$folder/$timestamp"_*.sql; do
        if [ -e "$other" ] && [ "$other" != "$target" ]; then
            echo "$other: has the timestamp of $(basename "$target"); the CLI would take one for the other, so give it another" >&2
            exit 1
        fi
    done
    cp "$file" "$target"
    written=$((written + 1))
done
echo "$written migrations in $folder"
