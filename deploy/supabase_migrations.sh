#!/usr/bin/env bash
# supabase_migrations.sh FOLDER: writes sql/ as the Supabase CLI wants it,
# FOLDER/migrations/<timestamp>_timesheet_<name>.sql: each step of sql/schema, and all of sql/functions as one file of
# this release. Files of earlier releases stay as they are.
#
# A timestamp says the release, not a time, and never moves, so that the CLI knows what a project has: from 1 January
# 2026 on, 100 seconds for each release, 0.1.0 being the hundredth; the steps that a release brought (their first line
# names it) come first in its 100 seconds, its functions are the last. So a project that gets several releases at once
# applies them in their order.
set -euo pipefail
mkdir -p "$1/migrations"
folder=$(cd "$1/migrations" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^   *"version": "\([^"]*\)".*/\1/p' META.json | head -1)

timestamp() # RELEASE PLACE, 1 to 99
{
    [[ $1 =~ ^([0-9]+)\.([0-9]{1,2})\.([0-9]{1,2})$ ]] || { echo "\"$1\" is no release such as 0.1.0" >&2; return 1; }
    local release=$((BASH_REMATCH[1] * 10000 + 10#${BASH_REMATCH[2]} * 100 + 10#${BASH_REMATCH[3]}))
    date -u -d "2026-01-01 UTC + $((release * 100 + $2)) seconds" +%Y%m%d%H%M%S
}

written=0
write() # TIMESTAMP NAME, the text on standard input
{
    local target=$folder/$1_timesheet_$2.sql other
    for other in "$folder/$1"_*.sql; do
        if [ -e "$other" ] && [ "$other" != "$target" ]; then
            echo "$other: has the timestamp of $(basename "$target");" \
                "the CLI would take one for the other, so give it another" >&2
            exit 1
        fi
    done
    cat >"$target.new"
    if [ -e "$target" ] && ! cmp -s "$target.new" "$target"; then
        echo "$target: had another text; where it was pushed already, db push will not push this one" >&2
    fi
    mv "$target.new" "$target"
    written=$((written + 1))
}

release=""
for file in sql/schema/*.sql; do
    of=$(sed -n '1s/^-- Release: //p' "$file")
    place=$([ "$of" = "$release" ] && echo $((place + 1)) || echo 1)
    release=$of
    at=$(timestamp "$release" "$place")
    name=$(basename "$file" .sql)
    write "$at" "${name#*_}" <"$file"
done
at=$(timestamp "$version" 99)
sql/functions/assemble.sh >"$folder/functions.new"
write "$at" "functions_${version//./_}" <"$folder/functions.new"
rm "$folder/functions.new"
echo "$written migrations in $folder"
