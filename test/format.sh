#!/usr/bin/env bash
# format.sh [fix]: names what clang-format (C++) and black (Python) would change, and fails if there is any;
# fix changes it. Only Debian 12's releases of both are asked: others format the same style in other ways.
# Names also each line of SQL, Python, shell and TypeScript that is longer than 120 characters.
set -euo pipefail
cd "$(dirname "$0")/.."
fix=${1:-}
failed=0

# tested TOOL VERSION: whether the tool is of the version whose style the files have; docs/testing.md lists the skip.
tested() {
    local version
    command -v "$1" >/dev/null || { echo "$1 is missing; make deps installs it" >&2; exit 1; }
    version=$("$1" --version | sed -n '1s/^[^0-9]*\([0-9]*\)\..*/\1/p')
    [ "$version" = "$2" ] ||
        { echo "SKIP $1 it is release $version, and the files have the style of $2 (Debian 12's)"; return 1; }
}

if tested clang-format 14; then
    mapfile -t files < <(find daemon/src extension/src test/unit test/fake -name '*.[ch]pp' | sort)
    if [ "$fix" = fix ]; then
        clang-format -i "${files[@]}"
    else
        wrong=$(clang-format --dry-run "${files[@]}" 2>&1 |
            sed -n 's/^\([^:]*\):.*\[-Wclang-format-violations\]$/\1/p' | sort -u)
        [ -z "$wrong" ] || { printf '%s is not formatted; run test/format.sh fix\n' $wrong >&2; failed=1; }
    fi
fi
if tested black 23; then
    if [ "$fix" = fix ]; then
        black -q test
    elif ! black -q --check test; then
        black --check test 2>&1 |
            sed -n 's/^would reformat \(.*\)/\1 is not formatted; run test\/format.sh fix/p' >&2
        failed=1
    fi
fi

# Characters, not bytes, whatever the locale of who runs this. What is built, and packages of npm, are not ours.
long_lines() {
    find . \( -name build -o -name node_modules -o -name .next -o -name .git \) -prune -o -type f \
        \( -name '*.sql' -o -name '*.py' -o -name '*.sh' -o -name '*.ts' -o -name '*.tsx' -o -name '*.mjs' \) -print0 |
        sort -z | LC_ALL=C.UTF-8 xargs -0 grep -noE '^.{121}' |
        sed -E 's/^\.\/(.*:[0-9]+):.*/\1: longer than 120 characters; break it/'
}
long=$(long_lines || true) # grep finding nothing is no failure
[ -z "$long" ] || { echo "$long" >&2; failed=1; }
exit $failed
