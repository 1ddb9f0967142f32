#!/usr/bin/env bash
# role.sh ROLE OWNER_URI SUPERUSER_URI: on a private cluster, gives the role (timesheet_reader or timesheet_unsubscribe) a
# password and its rights, and prints the URI for it. On a server of your own, see README.md.
set -euo pipefail
role=$1 owner=$2 superuser=$3
case $role in
timesheet_reader) grant=grant_reader ;;
timesheet_unsubscribe) grant=grant_unsubscribe ;;
*) echo "no role is called \"$role\"" >&2; exit 2 ;;
esac
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
psql -Xq -v ON_ERROR_STOP=1 -v password="$password" -v role="$role" "$superuser" <<'SQL'
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE to_regrole(:'role') IS NULL
\gexec
ALTER ROLE :"role" PASSWORD :'password';
ALTER ROLE :"role" SET jit = off;
ALTER ROLE :"role" SET max_parallel_workers_per_gather = 0;
SELECT 'ALTER ROLE timesheet_reader SET default_transaction_read_only = on' WHERE :'role' = 'timesheet_reader'
\gexec
SQL
psql -XAtq -v ON_ERROR_STOP=1 "$owner" -c "SELECT timesheet.$grant()" >&2
echo "postgresql://$role:$password@${owner##*@}"
