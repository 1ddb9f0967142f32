#!/bin/sh
# embed_sql.sh FOLDER: prints sql_files.cpp, in which each file of that sql/ is a raw string literal.
# (GCC and Clang set no limit on a literal's length.)
set -eu
sql=$1

terminator=')timesheet"'

# Prints the file as a literal.
literal()
{
    if grep -qF "$terminator" "$1"; then
        echo "$1: contains $terminator, which ends the literal it is embedded in; rephrase it" >&2
        exit 1
    fi
    printf 'R"timesheet('
    cat "$1"
    printf '%s' "$terminator"
}

order=$(sh "$sql/functions/assemble.sh" --list)

echo '#include "postgres/sql_files.hpp"'
echo
echo 'namespace timesheetd'
echo '{'
echo
echo 'const std::vector<SchemaStep>& schema_steps()'
echo '{'
echo '    static const std::vector<SchemaStep> steps = {'
last=0
for file in "$sql"/schema/*.sql; do
    name=$(basename "$file" .sql)
    version=$(expr "${name%%_*}" + 0)
    if [ "$version" -ne $((last + 1)) ]; then
        echo "$file: step $version follows step $last; number the steps one by one" >&2
        exit 1
    fi
    last=$version
    printf '        {%s, "%s", "%s", ' "$version" "$name" "$(sha256sum <"$file" | cut -d' ' -f1)"
    literal "$file"
    echo '},'
done
echo '    };'
echo '    return steps;'
echo '}'
echo
echo 'const Functions& sql_functions()'
echo '{'
printf '    static const Functions all = {"%s", {\n' "$(sh "$sql/functions/assemble.sh" --sha256)"
for file in $order; do
    printf '        {"%s", ' "$file"
    literal "$sql/functions/$file"
    echo '},'
done
echo '    }};'
echo '    return all;'
echo '}'
echo
echo '} // namespace timesheetd'
