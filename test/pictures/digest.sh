#!/usr/bin/env bash
# digest.sh EMAIL DAY OUT: pictures of a contact's digest for the week that holds DAY, 360 and 720 px wide, light and
# dark, as OUT-360.png, OUT-720-dark.png and so on. Needs Chromium, timesheetd and DATABASE_URL.
set -euo pipefail
email=$1 day=$2 out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${TIMESHEETD:-timesheetd}" digest preview --contact "$email" --week "$day" --format html >"$work/digest.html"

# Headless Chromium has no windows narrower than 500 px: the mail is shown in a frame of the wanted width.
picture() { # WIDTH HEIGHT FILE SCHEME (0 dark, 1 light)
    echo "<!DOCTYPE html><body style=\"margin:0\">" \
        "<iframe src=\"digest.html\" width=\"$1\" height=\"$2\" style=\"border:0;display:block\"></iframe>" \
        >"$work/frame.html"
    chromium --headless=new --no-sandbox --hide-scrollbars --allow-file-access-from-files --window-size="$1,$2" \
        --blink-settings=preferredColorScheme="$4" --screenshot="$3" "file://$work/frame.html" 2>/dev/null
}
picture 360 "${NARROW_HEIGHT:-2450}" "$out-360.png" 1
picture 360 "${NARROW_HEIGHT:-2450}" "$out-360-dark.png" 0
picture 720 "${WIDE_HEIGHT:-2330}" "$out-720.png" 1
picture 720 "${WIDE_HEIGHT:-2330}" "$out-720-dark.png" 0
