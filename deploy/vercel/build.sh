#!/usr/bin/env bash
# build.sh [FOLDER]: builds a copy of web/ with the bundle of timesheetd in it, as Vercel does, into FOLDER
# (build/vercel). vercel deploy --prebuilt --prod, in FOLDER, is the step that is left. No account is needed, and
# no network but for npm's packages.
#
# The project is the one that FOLDER was linked to (vercel link); without a link, that command asks. The copy is in
# FOLDER.build: until the build is whole, FOLDER holds the one before it.
set -euo pipefail
cd "$(dirname "$0")/../../web"
. ./node.sh
build=${BUILD:-$PWD/../build}
folder=${1:-$build/vercel}
bundle=$build/bundle
[ -x "$bundle/bin/timesheetd" ] || { echo "$bundle has no timesheetd: run make bundle first" >&2; exit 1; }
# One at a time: the second finds what the first made.
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
exec 8>"$bundle.lock" 9>"$folder.lock"
flock 9
flock 8

sum=$({
    sources_sum
    cat package.json vercel.json ../deploy/vercel/{build.sh,add_authorities.sh,package-lock.json}
    cat ../deploy/vercel/authorities/*.crt 2>/dev/null || true
    (cd "$bundle" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
} | sha256sum)
say() {
    echo "$folder is built; to deploy it: cd $folder && node $cli deploy --prebuilt --prod"
}
cli=$PWD/../deploy/vercel/node_modules/vercel/dist/vc.js
cli=$(realpath -m --relative-to="$folder" "$cli") # and to the copy, which is next to it
if [ "$sum" = "$(cat "$folder/built" 2>/dev/null)" ]; then
    say
    exit
fi
install_packages .
install_packages ../deploy/vercel

# The sources as they are, and the packages as npm ci installed them. What an earlier build left makes this one faster.
copy=$folder.build
mkdir -p "$copy/.vercel"
(cd "$copy" && rm -rf src node_modules bundle .vercel/output .vercel/project.json)
cp -a src package.json package-lock.json next.config.ts tsconfig.json "$copy/"
cp -al node_modules "$copy/" 2>/dev/null || cp -a node_modules "$copy/" # on another disk there are no hard links
cp -a "$bundle" "$copy/bundle"
../deploy/vercel/add_authorities.sh ../deploy/vercel/authorities "$copy/bundle"
node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const settings = JSON.parse(readFileSync("vercel.json", "utf8"));
    writeFileSync(process.argv[1], JSON.stringify({ ...settings, installCommand: "true" }));' "$copy/vercel.json"

# The command wants a project. Nothing is deployed from the copy, so it may be one that is not there.
cp "$folder/.vercel/project.json" "$copy/.vercel/" 2>/dev/null ||
    echo '{"projectId":"none","orgId":"none","projectName":"timesheet","settings":{"framework":"nextjs"}}' \
        >"$copy/.vercel/project.json"
(
    cd "$copy"
    # What the environment has for Vercel is for the deployment.
    env -u VERCEL_ORG_ID -u VERCEL_PROJECT_ID -u VERCEL_TOKEN VERCEL_TELEMETRY_DISABLED=1 \
        node "$cli" build --standalone --prod --yes --token none --global-config .vercel/global >&2
)
mkdir -p "$folder/.vercel"
rm -rf "$folder/built" "$folder/.vercel/output"
cp -a vercel.json "$folder/"
mv "$copy/.vercel/output" "$folder/.vercel/"
echo "$sum" >"$folder/built"
say
