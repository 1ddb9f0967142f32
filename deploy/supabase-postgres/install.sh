#!/bin/sh
# install.sh FOLDER [ROOT]: puts the extension's files in FOLDER where Supabase's PostgreSQL image looks for them, and
# lets its role postgres, which is no superuser, create the extension. ROOT is /, but for a test.
set -eu
folder=$1
root=${2:-}

# /usr/bin/postgres is a script that sends the server elsewhere for libraries than pg_config says.
libraries=$(sed -n "s/^export NIX_PGLIBDIR='\([^']*\)'.*/\1/p" "$root/usr/bin/postgres")
scripts=$("$root/usr/bin/pg_config" --sharedir)/extension
for directory in "$libraries" "$scripts"; do
    if [ -z "$directory" ] || [ ! -d "$root$directory" ]; then
        echo "no such directory in the image: \"$directory\"; its layout has changed" >&2
        exit 1
    fi
done
install -m 755 "$folder/timesheet.so" "$root$libraries/"
install -m 644 "$folder"/timesheet.control "$folder"/timesheet--*.sql "$root$scripts/"

# The setting cannot be added to, only set as a whole; files in conf.d/ are read last.
configuration=$root/etc/postgresql-custom
privileged=$(sed -n "s/^supautils.privileged_extensions *= *'\([^']*\)'.*/\1/p" "$configuration/supautils.conf")
if [ -z "$privileged" ]; then
    echo "supautils.conf names no privileged extensions; its layout has changed" >&2
    exit 1
fi
mkdir -p "$configuration/conf.d"
echo "supautils.privileged_extensions = '$privileged, timesheet'" >"$configuration/conf.d/99-timesheet.conf"
