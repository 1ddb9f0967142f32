#!/usr/bin/env bash
# A private PostgreSQL cluster on a loopback port, for the demo and the tests.
#
#   cluster.sh start DIR [STAGE]   creates the cluster in DIR if there is none, starts it, prints its URI;
#                                  with STAGE, extensions are also looked for below it (make install DESTDIR=STAGE)
#   cluster.sh scratch DIR [STAGE] the same for tests: it writes nothing through to the disk, so that only a crash of
#                                  the whole machine can lose its data, and CREATE and DROP DATABASE wait for no disk
#   cluster.sh uri DIR [ROLE]      prints the URI of role timesheet, owner of database timesheet, or of
#                                  postgres, the superuser
#   cluster.sh stop DIR            stops it; its data stay
#
# PostgreSQL refuses to run as root: root runs it as the user postgres.
set -euo pipefail

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}
[ $# -ge 2 ] || usage
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
bin=$("${PG_CONFIG:-pg_config}" --bindir)

as_server() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
        return
    fi
    local user=(setpriv --reuid=postgres --regid=postgres --init-groups)
    # A checkout below a closed directory, such as root's home: let the server pass through, with
    # the narrower of the two capabilities that this machine leaves to root.
    local pass
    if ! "${user[@]}" test -x "$dir"; then
        for pass in dac_read_search dac_override; do
            setpriv --inh-caps=+$pass --ambient-caps=+$pass true 2>/dev/null || continue
            user+=("--inh-caps=+$pass" "--ambient-caps=+$pass")
            break
        done
    fi
    (cd / && "${user[@]}" "$@")
}

uri() {
    local role=$1
    echo "postgresql://$role:$(cat "$dir/$role.password")@127.0.0.1:$(cat "$dir/port")/timesheet"
}

# Servers other than Debian's may come without it; everything but its jobs works there.
has_pg_cron() {
    [ -e "$("${PG_CONFIG:-pg_config}" --pkglibdir)/pg_cron.so" ]
}

# Debian's servers up to 17 take a DESTDIR; 18 has PostgreSQL's own way, two search paths.
stage_options() {
    local pg_config=${PG_CONFIG:-pg_config}
    if "$bin/postgres" --describe-config | grep "^extension_destdir\b" >/dev/null; then
        echo " -c extension_destdir='$1'"
    else
        echo " -c extension_control_path='$1$("$pg_config" --sharedir):\$system'" \
            "-c dynamic_library_path='$1$("$pg_config" --pkglibdir):\$libdir'"
    fi
}

is_running() {
    [ -d "$dir/data" ] && as_server "$bin/pg_ctl" -D "$dir/data" status >/dev/null
}

# The wanted port if it is free, else another; 0 is any.
free_port() {
    perl -MIO::Socket::INET -e 'for my $port (@ARGV, 0) {
        my $socket = IO::Socket::INET->new(
            Listen => 1, LocalAddr => "127.0.0.1", LocalPort => $port, ReuseAddr => 1) or next;
        print $socket->sockport;
        exit;
    }' "$1"
}

random_password() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

create() {
    local role
    for role in postgres timesheet; do
        (umask 077 && random_password >"$dir/$role.password")
    done
    mkdir -p "$dir/data"
    if [ "$(id -u)" -eq 0 ]; then
        install -o postgres -m 600 "$dir/postgres.password" "$dir/initdb.password"
        chown postgres "$dir/data"
    else
        install -m 600 "$dir/postgres.password" "$dir/initdb.password"
    fi
    local unsynced=()
    [ $command != scratch ] || unsynced=(--no-sync)
    as_server "$bin/initdb" "${unsynced[@]}" -D "$dir/data" -U postgres --pwfile="$dir/initdb.password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >"$dir/initdb.log"
    rm "$dir/initdb.password"
    cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
max_connections = 100
CONF
    [ $command != scratch ] || cat >>"$dir/data/postgresql.conf" <<CONF
fsync = off
full_page_writes = off
CONF
    has_pg_cron || return 0
    cat >>"$dir/data/postgresql.conf" <<CONF
shared_preload_libraries = 'pg_cron'
cron.database_name = 'timesheet'
cron.use_background_workers = on
CONF
}

start() {
    local stage=${1:+$(cd "$1" && pwd)}
    [ -d "$dir/data" ] || create
    if ! is_running; then
        # The port it had, if it can be had again: who knows the URI goes on knowing it.
        free_port "$(cat "$dir/port" 2>/dev/null || echo 0)" >"$dir/port.new"
        mv "$dir/port.new" "$dir/port"
        local options="-p $(cat "$dir/port")"
        [ -z "$stage" ] || options+=$(stage_options "$stage")
        # Its own session: a Ctrl-C at the terminal must not reach the server.
        as_server setsid "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/server.log" -w -t 60 -o "$options" start \
            >/dev/null || {
            tail -20 "$dir/data/server.log" >&2
            exit 1
        }
    fi
    export PGPASSWORD
    PGPASSWORD=$(cat "$dir/postgres.password")
    local psql=("$bin/psql" -X -q -h 127.0.0.1 -p "$(cat "$dir/port")" -U postgres -v ON_ERROR_STOP=1)
    if [ "$("${psql[@]}" -d postgres -Atc "SELECT count(*) FROM pg_database WHERE datname = 'timesheet'")" = 0 ]; then
        "${psql[@]}" -d postgres -c "CREATE ROLE timesheet LOGIN PASSWORD '$(cat "$dir/timesheet.password")'" \
            -c "CREATE DATABASE timesheet OWNER timesheet"
        ! has_pg_cron || "${psql[@]}" -d timesheet -c "CREATE EXTENSION pg_cron" \
            -c "GRANT USAGE ON SCHEMA cron TO timesheet"
    fi
    uri timesheet
}

case $command in
start | scratch) start "${3:-}" ;;
uri) uri "${3:-timesheet}" ;;
stop) if is_running; then as_server "$bin/pg_ctl" -D "$dir/data" -m fast -w stop >/dev/null; fi ;;
*) usage ;;
esac
