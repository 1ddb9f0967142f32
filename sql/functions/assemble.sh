#!/bin/sh
# assemble.sh: prints the files of this folder as one script, in the order that the file "order" says; the script
# records itself in timesheet.applied_functions. --list prints their paths alone, one a line, and --sha256 their hash.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C

listed=$(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' order)
wrong=0
for file in $(echo "$listed" | sort | uniq -d); do
    echo "sql/functions/order lists $file twice; list it once" >&2
    wrong=1
done
for file in $listed; do
    if [ ! -f "$file" ]; then
        echo "sql/functions/order lists $file, which is not there; add the file or remove the line" >&2
        wrong=1
    fi
done
for file in $(find . -name '*.sql' | sed 's|^\./||' | sort); do
    if ! echo "$listed" | grep -qxF "$file"; then
        echo "sql/functions/order does not list $file; add it after what it needs" >&2
        wrong=1
    fi
done
[ "$wrong" -eq 0 ]

case ${1:-} in
--list) echo "$listed"; exit ;;
esac
sha256=$(echo "$listed" | xargs cat | sha256sum | cut -d' ' -f1)
case ${1:-} in
--sha256) echo "$sha256"; exit ;;
esac
version=$(sed -n 's/^   *"version": "\([^"]*\)".*/\1/p' ../../META.json | head -1)

echo "-- The functions, views and triggers of pg_timesheet $version: the files of sql/functions, one after another."
echo "SET check_function_bodies = off;"
for file in $listed; do
    printf '\n-- %s\n' "$file"
    cat "$file"
done
cat <<END

INSERT INTO timesheet.applied_functions (version, sha256) VALUES ('$version', '$sha256')
ON CONFLICT (singleton) DO UPDATE
  SET version = excluded.version, sha256 = excluded.sha256, applied_at = excluded.applied_at;
RESET check_function_bodies;
END
