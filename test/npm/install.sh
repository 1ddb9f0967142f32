#!/usr/bin/env bash
# install.sh DIR: installs into DIR what package-lock.json says, unless that was done: PostgreSQL 16 and 17, the
# Supabase CLI, linters. DIR/postgresql-VERSION/pg_config then stands for a server of that version, with pgTAP, and
# DIR/node for a Node.js that runs the rest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"

sum=$(cat "$here"/install.sh "$here/package-lock.json" | sha256sum)
if [ "$sum" = "$(cat installed 2>/dev/null)" ]; then
    exit
fi
cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc .
npm ci --no-progress --loglevel=error >&2
# The linters want a newer Node.js than Debian 12's, which the page's tests bring.
ln -sf "$(cd "$here/../../web" && . ./node.sh && command -v node)" node

debian_bin=$("${PG_CONFIG:-pg_config}" --bindir)
debian_share=$("${PG_CONFIG:-pg_config}" --sharedir)
for package in "$PWD"/node_modules/postgresql-*; do
    native=$package/native
    # The packages hold no symbolic links: their own install script, which npm did not run, makes them.
    (cd "$package" && node scripts/hydrate-symlinks.js)
    # pgTAP is SQL alone, so Debian's serves every version. psql is Debian's too; there is none in the packages.
    cp "$debian_share"/extension/pgtap* "$native/share/postgresql/extension/"
    ln -sf "$debian_bin/psql" "$native/bin/psql"
    # All that test/cluster.sh asks of it.
    mkdir -p "$(basename "$package")"
    cat >"$(basename "$package")/pg_config" <<PG_CONFIG
#!/bin/sh
case \$1 in
--bindir) echo "$native/bin" ;;
--pkglibdir) echo "$native/lib/postgresql" ;;
--sharedir) echo "$native/share/postgresql" ;;
*) exit 1 ;;
esac
PG_CONFIG
    chmod +x "$(basename "$package")/pg_config"
done
echo "$sum" >installed
