#!/usr/bin/env bash
# bundle.sh PROGRAM FOLDER: copies the program into FOLDER with all that it needs but name resolution, so that it runs
# on any x86-64 Linux, with another glibc or with none:
#
#   bin/timesheetd               the program, without symbols
#   lib/ld-linux-x86-64.so.2     the loader
#   lib/*.so*                    the libraries
#   share/ca-certificates.crt    the certificates of the public authorities
#
# The same program and the same Debian packages give the same bytes. deploy/bundle/README.md says how it is started.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
program=$1 folder=$2
loader=ld-linux-x86-64.so.2
authorities=/usr/share/ca-certificates/mozilla
export LC_ALL=C # the order of the certificates

fail() {
    echo "bundle.sh: $*" >&2
    exit 1
}
[ "$(uname -m)" = x86_64 ] || fail "this machine is $(uname -m), but the folder is for x86-64; make it on one"
[ -d $authorities ] || fail "there is no $authorities; install the package ca-certificates (make deps does)"

# One at a time, and not while a deployment is made of it.
mkdir -p "$(dirname "$folder")"
exec 8>"$folder.lock"
flock 8
new=$folder.new
rm -rf "$new"
mkdir -p "$new/bin" "$new/lib" "$new/share"

# "name => path (address)", the loader as "path (address)", and the kernel's own page, which is no file.
libraries=$(ldd "$program") || fail "$program is no program that this machine can start"
if missing=$(grep 'not found' <<<"$libraries"); then
    fail "a library of $program is missing: $missing; run make deps, then build again"
fi
while read -r path; do
    install -m 644 "$path" "$new/lib/$(basename "$path")"
done < <(sed -n 's/^\t\(.* => \)\{0,1\}\(\/[^ ]*\) (0x[0-9a-f]*)$/\2/p' <<<"$libraries")
[ -e "$new/lib/$loader" ] || fail "$program has no loader $loader; is it linked for x86-64 with glibc?"
chmod 755 "$new/lib/$loader"

# Since 2.34 glibc's own library looks names up by files and DNS; an older one loads others to do so.
for library in /lib/x86_64-linux-gnu/libnss_{files,dns}.so.2; do
    [ ! -e "$library" ] || install -m 644 "$library" "$new/lib/"
done

# The identification would be another in another folder, by the paths in what is stripped.
install -m 755 "$program" "$new/bin/timesheetd"
strip --strip-all --remove-section=.note.gnu.build-id --remove-section=.comment "$new/bin/timesheetd"

# Not /etc/ssl/certs, to which this machine's owner may have added some.
for certificate in "$authorities"/*.crt; do
    cat "$certificate"
    echo
done | sed '/^$/d' >"$new/share/ca-certificates.crt"
grep -q '^-----BEGIN CERTIFICATE-----$' "$new/share/ca-certificates.crt" || fail "$authorities holds no certificate"
chmod 644 "$new/share/ca-certificates.crt"

find "$new" -exec touch -h -d '2026-01-01 00:00:00 UTC' {} +
if diff -rq "$new" "$folder" >/dev/null 2>&1; then
    rm -rf "$new" # others may be reading the one that is there
else
    rm -rf "$folder"
    mv "$new" "$folder"
fi
echo "$folder: $(find "$folder/lib" -type f | wc -l) libraries, $(du -sm "$folder" | cut -f1) MB"
