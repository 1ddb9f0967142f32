#!/usr/bin/env bash
# nothing_mounted.sh FOLDER: fails, and names it, if something is mounted on FOLDER or below it: removing
# the folder would empty that as well.
set -euo pipefail
folder=$(realpath -m "$1")
while read -r _ _ _ _ point _; do
    point=$(printf '%b' "${point//\\/\\0}") # blanks and the like stand there as \040
    if [[ $point/ == "$folder"/* ]]; then
        echo "$point is mounted, so nothing below $folder is removed; umount it first" >&2
        exit 1
    fi
done </proc/self/mountinfo
