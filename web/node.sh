# Sourced: a Node.js that is new enough, the packages, and the dashboard's build. Debian 12's own
# Node.js (18) is too old for Next.js; its npm can install a newer one from the npm registry.
export NEXT_TELEMETRY_DISABLED=1

new_enough() {
    node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 13) ? 0 : 1)' 2>/dev/null
}

# Installs a folder's packages as its lockfile says, unless that was done.
install_packages() {
    local lock sum
    lock=$1/package-lock.json
    sum=$(sha256sum <"$lock")
    if [ "$sum" != "$(cat "$1/node_modules/.installed" 2>/dev/null)" ]; then
        (cd "$1" && npm ci --no-progress --loglevel=error) >&2
        echo "$sum" >"$1/node_modules/.installed"
    fi
}

if ! new_enough; then
    install_packages toolchain
    PATH=$(echo "$PWD"/toolchain/node_modules/node-linux-*/bin):$PATH # not .bin: npm ci makes no link in it here
    new_enough || { echo "no Node.js 22.13 or newer for this machine: install one from nodejs.org" >&2; exit 1; }
fi

# Next.js builds again only if the sources changed.
sources_sum() {
    find src next.config.ts tsconfig.json package-lock.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
}

build_dashboard() {
    local sum
    install_packages .
    sum=$(sources_sum) # before it: what is edited meanwhile is built the next time
    if [ "$sum" != "$(cat .next/built 2>/dev/null)" ]; then
        node node_modules/next/dist/bin/next build >&2
        echo "$sum" >.next/built
    fi
}
