#!/usr/bin/env bash
# Another release of Debian in a folder, build/roots/RELEASE, to build and test in. Root alone can make and enter one.
#
#   root.sh make RELEASE             makes it, with what deps.sh installs but for the page, unless it is there as these
#                                    scripts make it; what the packages' tools say goes to build/roots/RELEASE.log;
#                                    exit status 69 where its packages cannot be had or installed
#   root.sh run RELEASE COMMAND...   runs a command there, in /pg_timesheet, a copy of the checkout that keeps its
#                                    build/
#
# What is mounted there is mounted for the command alone, and what it started ends with it.
set -euo pipefail

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}
[ $# -ge 2 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
command=$1 release=$2
root=$checkout/build/roots/$release
if [ "$(id -u)" -ne 0 ]; then
    echo "root.sh: only root can make and enter a root of Debian; run it as root" >&2
    exit 1
fi

# Debian's mirror, as this machine's apt knows it; the first of a list where it has a list of mirrors.
mirror() {
    local site
    site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
        awk -v own="$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" \
            '$2 == own || $2 ~ /^(old)*stable$|^testing$/ { print $1; exit }')
    case $site in
    mirror+file:*) site=$(awk '/^[^#]/ { print $1; exit }' "${site#mirror+file:}") ;;
    esac
    [ -n "$site" ] || { echo "root.sh: apt-get indextargets names no mirror of Debian on this machine" >&2; exit 1; }
    echo "$site"
}

# Alone among mounts and processes: they end with the command.
alone() {
    unshare --mount --propagation private --pid --fork --kill-child --ipc "$@"
}

make_root() {
    local sum mirror script=$release
    mirror=$(mirror)
    sum=$({ cat "$here/root.sh" "$checkout/deps.sh" && echo "$mirror"; } | sha256sum)
    [ "$sum" != "$(cat "$root.made" 2>/dev/null)" ] || return 0

    "$here/nothing_mounted.sh" "$root"
    rm -rf --one-file-system "$root" "$root.made"
    mkdir -p "$root/etc/dpkg/dpkg.cfg.d" "$root/etc/postgresql-common"
    # It can be made again, so no write waits for the disk; and nobody reads there.
    printf '%s\n' force-unsafe-io \
        'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/locale/*' \
        >"$root/etc/dpkg/dpkg.cfg.d/quick"
    echo "create_main_cluster = false" >"$root/etc/postgresql-common/createcluster.conf"
    [ -e "/usr/share/debootstrap/scripts/$release" ] || script=trixie # not known here yet
    set -a
    eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
    set +a
    alone --mount-proc debootstrap --force-check-gpg --variant=minbase --include=ca-certificates \
        "$release" "$root" "$mirror" "/usr/share/debootstrap/scripts/$script" >"$root.log" 2>&1 || exit 69

    echo "deb $mirror $release main" >"$root/etc/apt/sources.list"
    printf '%s\n' 'Acquire::Languages "none";' 'Acquire::Retries "3";' >"$root/etc/apt/apt.conf.d/90-quick"
    apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-|ForceIPv)' \
        >"$root/etc/apt/apt.conf.d/90-as-outside" || true
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service starts
    chmod +x "$root/usr/sbin/policy-rc.d"
    "$here/root.sh" run "$release" ./deps.sh without-page >>"$root.log" 2>&1 || exit 69
    rm -rf "$root"/var/cache/apt/archives/*.deb
    echo "$sum" >"$root.made"
}

# The files that git knows or would add, as they are now; what was built there before stays.
copy_checkout() {
    local copy=$root/pg_timesheet
    mkdir -p "$copy"
    find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf --one-file-system {} +
    (cd "$checkout" && git -c safe.directory="$checkout" ls-files -zco --exclude-standard --deduplicate |
        tar --null --ignore-failed-read -cT -) |
        tar -x --no-same-owner -C "$copy"
}

# Within its own mounts.
inside() {
    local node
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    mkdir "$root/dev/pts" "$root/dev/shm"
    for node in null zero full random urandom tty; do
        touch "$root/dev/$node"
        mount --bind "/dev/$node" "$root/dev/$node"
    done
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    for node in stdin:0 stdout:1 stderr:2; do
        ln -s "/proc/self/fd/${node#*:}" "$root/dev/${node%:*}"
    done
    cp --remove-destination -L /etc/resolv.conf /etc/hosts "$root/etc/"
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        sh -c 'cd /pg_timesheet && exec "$@"' sh "$@"
}

if ! unshare --mount --pid --fork --ipc true >/dev/null 2>&1; then
    echo "root.sh: this machine lets root make no mounts of its own," \
        "as a container without that right; run it elsewhere" >&2
    exit 1
fi
case $command in
make) make_root ;;
run)
    copy_checkout
    alone "$here/root.sh" inside "${@:2}"
    ;;
inside) inside "${@:3}" ;;
*) usage ;;
esac
