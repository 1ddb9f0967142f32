#!/usr/bin/env bash
# format_cpp.sh [fix]: names the C++ files that clang-format would change, and fails if there are any; fix changes them.
# Only Debian 12's release of it is asked: others format the same style in other ways.
set -euo pipefail
cd "$(dirname "$0")/.."
tested=14

version=$(clang-format --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
if [ "$version" != $tested ]; then
    echo "clang-format is $version: the formatting of C++ files is not checked, as it needs $tested (Debian 12's)"
    exit
fi
mapfile -t files < <(find daemon/src extension/src test/unit test/fake -name '*.[ch]pp' | sort)
if [ "${1:-}" = fix ]; then
    clang-format -i "${files[@]}"
    exit
fi
wrong=$(clang-format --dry-run "${files[@]}" 2>&1 | sed -n 's/^\([^:]*\):.*\[-Wclang-format-violations\]$/\1/p' | sort -u)
if [ -n "$wrong" ]; then
    printf '%s is not formatted; run test/format_cpp.sh fix\n' $wrong >&2
    exit 1
fi
