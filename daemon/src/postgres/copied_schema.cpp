#include "postgres/copied_schema.hpp"

#include <algorithm>

#include "postgres/sql_files.hpp"
#include "process/log.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

// In the order in which rows go in: a zone in the settings is looked up among the aliases.
constexpr const char* tables_with_rows[] = {"time_zone_aliases", "ingest_state", "settings"};

// What the files make, next to what there is: in timesheet_migrate_new and timesheet_client_migrate_new.
void make_new_schemas(Database& database)
{
    Rows may = database.query("SELECT pg_catalog.has_database_privilege(d.name, 'CREATE'), "
                              "pg_catalog.quote_ident(d.name), pg_catalog.quote_ident(current_user)"
                              " FROM (SELECT pg_catalog.current_database()) AS d (name)");
    if (!may.boolean(0, 0))
        throw Failure(fmt::format("the schema timesheet was copied without its rows; to complete "
                                  "it, run GRANT CREATE ON DATABASE {} TO {} first",
                                  may.text(0, 1), may.text(0, 2)));
    database.run_script("ALTER SCHEMA timesheet RENAME TO timesheet_migrate_aside;"
                        "ALTER SCHEMA timesheet_client RENAME TO timesheet_client_migrate_aside");
    for (const SchemaStep& step : schema_steps())
        database.run_script(step.text);
    database.run_script("ALTER SCHEMA timesheet RENAME TO timesheet_migrate_new;"
                        "ALTER SCHEMA timesheet_client RENAME TO timesheet_client_migrate_new;"
                        "ALTER SCHEMA timesheet_migrate_aside RENAME TO timesheet;"
                        "ALTER SCHEMA timesheet_client_migrate_aside RENAME TO timesheet_client");
}

void drop_new_schemas(Database& database)
{
    database.run_script("DROP SCHEMA timesheet_migrate_new, timesheet_client_migrate_new CASCADE");
}

// Tables, views, columns, constraints and indexes that are missing or different, and tables and
// columns that are too many; a view's columns are those of its file in sql/functions.
constexpr const char* differences_query = R"sql(
WITH objects AS (
  SELECT pg_catalog.regexp_replace(n.nspname, '_migrate_new$', '') AS schema, n.nspname ~ '_migrate_new$' AS is_new,
    c.oid, c.relname, c.relkind
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname ~ '^timesheet(_client)?(_migrate_new)?$'
), parts AS (
  SELECT o.is_new, CASE o.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' ELSE 'sequence' END
    AS kind, o.schema || '.' || o.relname AS name, '' AS definition
  FROM objects AS o WHERE o.relkind IN ('r', 'v', 'S')
  UNION ALL
  SELECT o.is_new, 'column', o.schema || '.' || o.relname || '.' || a.attname,
    pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
      a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
  FROM objects AS o JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.oid
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE o.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT o.is_new, 'constraint', o.schema || '.' || o.relname || '.' || c.conname,
    pg_catalog.pg_get_constraintdef(c.oid)
  FROM objects AS o JOIN pg_catalog.pg_constraint AS c ON c.conrelid = o.oid
  WHERE o.relkind = 'r' AND c.contype <> 'n'
  UNION ALL
  SELECT o.is_new, 'index', o.schema || '.' || o.relname, pg_catalog.pg_get_indexdef(o.oid)
  FROM objects AS o WHERE o.relkind = 'i'
), named AS (
  SELECT p.is_new, p.kind, p.name, pg_catalog.regexp_replace(p.definition,
    '\ytimesheet(_client)?_migrate_new\.', 'timesheet\1.', 'g') AS definition
  FROM parts AS p
)
SELECT pg_catalog.format('%s %s %s', kind, name, CASE WHEN o.definition IS NULL THEN 'is missing'
  WHEN n.definition IS NULL THEN 'is unknown' ELSE 'is another' END)
FROM (SELECT * FROM named WHERE is_new) AS n
FULL JOIN (SELECT * FROM named WHERE NOT is_new) AS o USING (kind, name)
WHERE o.definition IS NULL OR n.definition IS NULL AND kind IN ('table', 'column')
  OR o.definition <> n.definition
ORDER BY kind = 'table' DESC, kind = 'column' DESC, name
)sql";

[[noreturn]] void refuse(const std::string& differences)
{
    throw Failure(fmt::format(
        "the schema timesheet was copied without its rows and is not that of this timesheetd {}: "
        "{}; nothing was changed. Copy it whole, with the release that made it, or drop the "
        "schemas timesheet and timesheet_client and run timesheetd migrate",
        version, differences));
}

void require_same_schemas(Database& database)
{
    Rows rows = database.query(differences_query);
    if (rows.count() == 0)
        return;
    constexpr int most = 3;
    std::string differences;
    for (int row = 0; row < std::min(rows.count(), most); ++row)
        differences += (row > 0 ? ", " : "") + rows.text(row, 0);
    if (rows.count() > most)
        differences += fmt::format(", and {} more", rows.count() - most);
    refuse(differences);
}

bool is_empty(Database& database, const char* table)
{
    std::string sql = fmt::format("SELECT FROM timesheet.{} LIMIT 1", table);
    return database.query(sql.c_str()).count() == 0;
}

std::string columns_of(Database& database, const char* table)
{
    return database
        .query("SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ') FROM "
               "pg_catalog.pg_attribute AS a WHERE a.attrelid = pg_catalog.to_regclass("
               "'timesheet_migrate_new.' || $1) AND a.attnum > 0 AND NOT a.attisdropped",
               {table})
        .text(0, 0);
}

} // namespace

bool lacks_rows(Database& database)
{
    for (const char* table : tables_with_rows)
        if (is_empty(database, table))
            return true;
    return false;
}

void record_copied_steps(Database& database)
{
    if (database.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'timesheet_client'")
            .count() == 0)
        refuse("schema timesheet_client is missing");
    make_new_schemas(database);
    require_same_schemas(database);
    database.run_script("INSERT INTO timesheet.schema_migrations (version, name) SELECT version, "
                        "name FROM timesheet_migrate_new.schema_migrations");
    for (const SchemaStep& step : schema_steps())
        database.query("UPDATE timesheet.schema_migrations SET sha256 = $2, applied_by = $3 WHERE "
                       "version = $1::int",
                       {std::to_string(step.version), step.sha256, version});
    drop_new_schemas(database);
    log::info("the schema was copied without its rows; it is that of this timesheetd, so its "
              "steps are recorded as applied");
}

void put_rows_back(Database& database)
{
    make_new_schemas(database);
    for (const char* table : tables_with_rows) {
        if (!is_empty(database, table))
            continue;
        std::string columns = columns_of(database, table);
        std::string sql = fmt::format("INSERT INTO timesheet.{0} ({1}) SELECT {1} FROM "
                                      "timesheet_migrate_new.{0}",
                                      table, columns);
        database.query(sql.c_str());
        log::warn("timesheet.{} had no row; what the schema begins with was put back", table);
    }
    drop_new_schemas(database);
}

} // namespace timesheetd
