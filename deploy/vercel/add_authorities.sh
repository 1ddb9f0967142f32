#!/usr/bin/env bash
# add_authorities.sh FOLDER BUNDLE: adds each FOLDER/*.crt to the certificates of the bundle, which has those of the
# public authorities alone: the database's authority may be another, as Supabase's is. Without such a file it changes
# nothing.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
shopt -s nullglob
authorities=$2/share/ca-certificates.crt
for file in "$1"/*.crt; do
    grep -q '^-----BEGIN CERTIFICATE-----' "$file" ||
        { echo "$file is no certificate as text (PEM): its first line is not -----BEGIN CERTIFICATE-----" >&2; exit 1; }
    { cat "$file" && echo; } >>"$authorities"
    echo "$file counts as an authority" >&2
done
