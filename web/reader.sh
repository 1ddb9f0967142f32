#!/usr/bin/env bash
# reader.sh OWNER_URI SUPERUSER_URI: on a private cluster, gives timesheet_reader a password and its rights, and
# prints the URI for it. On a server of your own, see README.md.
set -euo pipefail
owner=$1 superuser=$2
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
psql -Xq -v ON_ERROR_STOP=1 -v password="$password" "$superuser" <<'SQL'
SET client_min_messages = warning;
SELECT 'CREATE ROLE timesheet_reader LOGIN' WHERE to_regrole('timesheet_reader') IS NULL
\gexec
ALTER ROLE timesheet_reader PASSWORD :'password';
ALTER ROLE timesheet_reader SET default_transaction_read_only = on;
ALTER ROLE timesheet_reader SET jit = off;
SQL
psql -XAtq -v ON_ERROR_STOP=1 "$owner" -c 'SELECT timesheet.grant_reader()' >&2
echo "postgresql://timesheet_reader:$password@${owner##*@}"
