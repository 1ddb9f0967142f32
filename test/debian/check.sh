#!/usr/bin/env bash
# check.sh: suites.sh in a root of Debian 13 and in one of Debian's next release, side by side; what the second says is
# shown after the first. Where the next release's packages cannot be installed that day, it is left out with a line
# "SKIP name reason", which docs/testing.md must list; Debian 13 never is.
set -euo pipefail
cd "$(dirname "$0")/../.."
roots=$PWD/build/roots
stable=trixie next=forky
if [ "$(id -u)" -ne 0 ]; then
    echo "make check-versions: only root can make and enter a root of Debian; run it as root" >&2
    exit 1
fi
mkdir -p "$roots"

if [ "${1:-}" = next ]; then
    made=0
    test/debian/root.sh make $next || made=$?
    if [ $made -eq 69 ]; then
        reason=$({ grep '^E: ' "$roots/$next.log" || tail -1 "$roots/$next.log"; } | head -1)
        echo "SKIP next-debian ${reason#E: }"
        grep -qF '| `next-debian` |' docs/testing.md ||
            { echo "docs/testing.md does not list next-debian" >&2; exit 1; }
        exit
    fi
    [ $made -eq 0 ] || exit $made
    test/debian/root.sh run $next test/debian/suites.sh
    exit
fi

setsid "$0" next >"$roots/next.log" 2>&1 &
running=$!
finish() {
    if [ -n "$running" ]; then
        kill -- "-$running" 2>/dev/null || true
        wait "$running" || true
        cat "$roots/next.log"
    fi
}
trap finish EXIT
test/debian/root.sh make $stable || {
    tail -20 "$roots/$stable.log" >&2
    exit 1
}
stable_ended=0 next_ended=0
test/debian/root.sh run $stable test/debian/suites.sh || stable_ended=$?
wait "$running" || next_ended=$?
running=
cat "$roots/next.log"
test/debian/nothing_mounted.sh "$PWD/build"
if [ "$stable_ended $next_ended" != "0 0" ]; then
    echo "make check-versions: Debian 13 ended with $stable_ended, the next release with $next_ended" >&2
    exit 1
fi
