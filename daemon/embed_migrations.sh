#!/bin/sh
# Prints migration_files.cpp: each file given as a raw string literal, with its SHA-256.
# (GCC and Clang set no limit on a literal's length.)
set -eu

terminator=')migration"'

echo '#include "postgres/migration_files.hpp"'
echo
echo 'namespace timesheetd'
echo '{'
echo
echo 'const std::vector<MigrationFile>& migration_files()'
echo '{'
echo '    static const std::vector<MigrationFile> files = {'
last=0
for file in "$@"; do
    name=$(basename "$file" .sql)
    version=$(expr "${name%%_*}" + 0)
    if [ "$version" -le "$last" ]; then
        echo "$file: version $version stands twice; give it the next free number" >&2
        exit 1
    fi
    last=$version
    if grep -qF "$terminator" "$file"; then
        echo "$file: contains $terminator, which ends the literal it is embedded in; rephrase it" >&2
        exit 1
    fi
    printf '        {%s, "%s", "%s", R"migration(' "$version" "$name" "$(sha256sum <"$file" | cut -d' ' -f1)"
    cat "$file"
    printf '%s},\n' "$terminator"
done
echo '    };'
echo '    return files;'
echo '}'
echo
echo '} // namespace timesheetd'
