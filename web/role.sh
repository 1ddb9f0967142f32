#!/usr/bin/env bash
# role.sh LOGIN OWNER_URI SUPERUSER_URI: on a private cluster, makes a login of web/ (dashboard, operator, unsubscribe,
# portal or jobs), gives it a password and its role's rights, and prints its URI. On a server of your own, see
# docs/roles.md.
set -euo pipefail
login=$1 owner=$2 superuser=$3
case $login in
dashboard) role=timesheet_reader settings="SET default_transaction_read_only = on" ;;
operator) role=timesheet_operator settings="SET default_transaction_read_only = off" ;;
unsubscribe) role=timesheet_unsubscribe settings="SET default_transaction_read_only = off" ;;
portal) role=timesheet_portal settings="SET default_transaction_read_only = off" ;;
jobs) role=timesheet_ingest settings="SET default_transaction_read_only = off" ;;
*) echo "no login of web/ is called \"$login\"" >&2; exit 2 ;;
esac
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
psql -Xq -v ON_ERROR_STOP=1 -v password="$password" -v login="$login" -v role="$role" -v settings="$settings" \
    "$superuser" <<'SQL'
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I', :'role') WHERE to_regrole(:'role') IS NULL
\gexec
SELECT format('CREATE ROLE %I LOGIN IN ROLE %I', :'login', :'role') WHERE to_regrole(:'login') IS NULL
\gexec
ALTER ROLE :"login" PASSWORD :'password';
ALTER ROLE :"login" SET jit = off;
ALTER ROLE :"login" SET max_parallel_workers_per_gather = 0;
ALTER ROLE :"login" :settings;
SQL
psql -XAtq -v ON_ERROR_STOP=1 "$owner" -c "SELECT timesheet.grant_roles()" >&2
echo "postgresql://$login:$password@${owner##*@}"
