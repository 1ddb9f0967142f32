#!/usr/bin/env bash
# lint_cpp.sh all|changed|FILE…: runs clang-tidy with the checks of .clang-tidy. all: without the unit tests, for which
# three minutes do not suffice. changed: the C++ files that differ from origin/main, or on it from the commit before, 30
# at most; a changed header means the file of its name.
set -euo pipefail
cd "$(dirname "$0")/.."
tested=14 most=30

command -v clang-tidy >/dev/null || { echo "clang-tidy is missing; make deps installs it" >&2; exit 1; }
version=$(clang-tidy --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p' | head -1)
if [ "$version" != $tested ]; then
    echo "SKIP clang-tidy it is release $version, and the files are checked with $tested (Debian 12's)"
    exit
fi

# What the compiler is given for a file.
flags() {
    local daemon server
    daemon="-Idaemon/src $(pkg-config --cflags libpq libcurl libcrypto spdlog)"
    case $1 in
    daemon/* | test/unit/daemon/*) echo "$daemon" ;;
    extension/src/server/*)
        server=$("${PG_CONFIG:-pg_config}" --includedir-server)
        echo "-Iextension/src/server -Iextension/src/engine -isystem $server -DTIMESHEET_VERSION=\"0\""
        ;;
    extension/* | test/unit/engine/*) echo "-Iextension/src/engine" ;;
    test/fake/*)
        echo "-Itest/fake $(pkg-config --cflags cpp-httplib 2>/dev/null || echo -DCPPHTTPLIB_OPENSSL_SUPPORT)"
        ;;
    esac
}

changed() {
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
        base=$(git rev-parse --verify -q HEAD^ 2>/dev/null) || return 1
    fi
    { git diff --name-only "$base" && git ls-files -o --exclude-standard; } | grep -E '\.[ch]pp$' |
        sed 's/\.hpp$/.cpp/' | sort -u
}

case ${1:-} in
all) mapfile -t files < <(find daemon/src extension/src test/fake -name '*.cpp' | sort) ;;
changed)
    if ! names=$(changed); then
        echo "clang-tidy checks no C++ file: none differs, or it is not known from what"
        exit
    fi
    mapfile -t files <<<"$names"
    if [ ${#files[@]} -gt $most ]; then
        echo "clang-tidy checks $most of ${#files[@]} changed C++ files; test/lint_cpp.sh all checks all"
        files=("${files[@]:0:$most}")
    fi
    ;;
'') sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
*) files=("$@") ;;
esac

commands=()
for file in "${files[@]}"; do
    if [ -f "$file" ]; then
        commands+=("clang-tidy --quiet $file -- -std=c++17 -x c++ $(flags "$file") 2>/dev/null ||
            { echo '$file: see above' >&2; exit 1; }")
    fi
done
[ ${#commands[@]} -eq 0 ] || printf '%s\0' "${commands[@]}" | xargs -0 -P 2 -I{} bash -c '{}'
