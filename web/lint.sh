#!/usr/bin/env bash
# ESLint and Prettier on the dashboard's sources, without changing any; npm run format formats them.
set -euo pipefail
cd "$(dirname "$0")"
. ./node.sh
install_packages .
node node_modules/eslint/bin/eslint.js --max-warnings 0 .
node node_modules/prettier/bin/prettier.cjs --check --log-level warn . ||
    { echo "web/lint.sh: npm run format, in web/, formats these files" >&2; exit 1; }
