#!/usr/bin/env bash
# deps.sh [without-page]: installs from Debian what is missing of what building and testing take; asks for root only if
# something is. Where init scripts start services, they start none. The server is the one that PG_CONFIG names, else
# the distribution's own; without-page leaves out what only the page's tests need.
set -euo pipefail

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# The version of the package that every Debian names postgresql.
distributions_own() {
    LC_ALL=C LANGUAGE= apt-cache depends postgresql 2>/dev/null | # it answers in the user's language
        sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | head -1
}

# The version whose packages are wanted; nothing where PG_CONFIG names a server that is not from such packages.
server_version() {
    local pg_config=${PG_CONFIG:-pg_config} bin own
    if [[ $pg_config =~ ^/usr/lib/postgresql/([0-9]+)/bin/pg_config$ ]]; then
        echo "${BASH_REMATCH[1]}" # also before it is installed
    elif bin=$("$pg_config" --bindir 2>/dev/null); then
        [[ ! $bin =~ ^/usr/lib/postgresql/([0-9]+)/bin$ ]] || echo "${BASH_REMATCH[1]}"
    elif [ "$pg_config" != pg_config ]; then
        echo "deps.sh: there is no $pg_config, which PG_CONFIG names" >&2
        return 1
    else
        own=$(distributions_own)
        if [ -z "$own" ]; then # a new machine knows no packages yet
            as_root apt-get update -q >&2
            own=$(distributions_own)
        fi
        [ -n "$own" ] || { echo "deps.sh: apt knows no package postgresql; is this Debian?" >&2; return 1; }
        echo "$own"
    fi
}

version=$(server_version)
if [ -n "$version" ] && [ "$version" -lt 15 ]; then
    echo "deps.sh: PostgreSQL $version is too old, 15 is the oldest;" \
        "name another by PG_CONFIG=/usr/lib/postgresql/VERSION/bin/pg_config" >&2
    exit 1
fi

packages=(build-essential ca-certificates debootstrap gpgv libbrotli-dev libcli11-dev libcpp-httplib-dev
    libcurl4-openssl-dev libgtest-dev libkainjow-mustache-dev libpq-dev libspdlog-dev libssl-dev
    libtap-parser-sourcehandler-pgtap-perl openssl pgbouncer pkg-config python3-psycopg python3-pytest
    python3-pytest-xdist python3-yaml rapidjson-dev systemd tzdata zlib1g-dev
    ${version:+"postgresql-$version" "postgresql-$version-cron" "postgresql-$version-pgtap"}
    ${version:+"postgresql-plpython3-$version" "postgresql-server-dev-$version"})
missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
# npm comes with Debian's Node.js, unless there is another; what that is too old for, see web/node.sh.
if [ "${1:-}" != without-page ]; then
    for tool in black clang-format clang-tidy; do # which the roots of other releases do not need either
        command -v $tool >/dev/null || missing+=($tool)
    done
    command -v npm >/dev/null || missing+=(nodejs npm)
    command -v chromium >/dev/null || missing+=(chromium)
fi

if [ ${#missing[@]} -gt 0 ]; then
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
