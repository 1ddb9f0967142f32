#!/usr/bin/env bash
# skips.sh: what make check leaves out because this machine does not allow it, a line "SKIP name reason" each, which
# docs/testing.md must list; builds the images where there is a Docker engine.
# Fails if a suite could leave out anything else.
set -euo pipefail
cd "$(dirname "$0")/.."

# pytest is watched by test/e2e/conftest.py; these are the ways of pgTAP, GoogleTest and Node.js to pass over a test.
if grep -rnE '\bskip\(|\btodo\(|GTEST_SKIP|DISABLED_|\b(test|it|describe|t)\.(skip|todo)\b|\b(skip|todo): ' \
    test/pgtap test/unit web/test; then
    echo "a test that passes itself over: let it run, or say here what the machine lacks" >&2
    exit 1
fi

skip() {
    echo "SKIP $1 $2"
    grep -qF "| \`$1\` |" docs/testing.md || { echo "docs/testing.md does not list $1" >&2; exit 1; }
}

if docker info >/dev/null 2>&1; then
    docker build -q -f deploy/timesheetd/Dockerfile .
    docker build -q -f deploy/supabase-postgres/Dockerfile .
else
    skip docker-build "no Docker engine"
fi
