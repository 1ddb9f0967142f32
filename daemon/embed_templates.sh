#!/bin/sh
# Prints templates.cpp: each file given as a raw string literal, digest.txt.mustache as digest_txt_template.
set -eu

terminator=')template"'

echo '#include "digest/templates.hpp"'
for file in "$@"; do
    if grep -qF "$terminator" "$file"; then
        echo "$file: contains $terminator, which ends the literal it is embedded in; rephrase it" >&2
        exit 1
    fi
    printf '\nconst char* const timesheetd::%s_template = R"template(' "$(basename "$file" .mustache | tr . _)"
    cat "$file"
    printf '%s;\n' "$terminator"
done
