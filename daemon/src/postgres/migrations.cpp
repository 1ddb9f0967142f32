#include "postgres/migrations.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "postgres/copied_schema.hpp"
#include "postgres/database_state.hpp"
#include "postgres/sql_files.hpp"
#include "process/log.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

struct AppliedStep {
    std::string name;
    std::string sha256; // "" if something else applied it, such as psql
    std::string by;     // the version of timesheetd, likewise
};

// What the database says of itself.
struct Applied {
    bool has_schema = false;
    std::map<int, AppliedStep> steps; // by version; empty where the schema was copied without rows
    std::string functions_version; // the release whose functions these are; "" where there are none
    std::string functions_sha256;

    int newest() const { return steps.empty() ? 0 : steps.rbegin()->first; }
};

// A session that waits for a lock of a table also blocks those that ask for the table after it.
constexpr const char* max_wait_for_tables = "30s";

// Until the transaction ends. Not a lock that needs a function: it must be there in every version.
void lock_schema(Database& database)
{
    try {
        database.query("LOCK TABLE timesheet.schema_migrations IN SHARE UPDATE EXCLUSIVE MODE");
    } catch (const DatabaseError& e) {
        constexpr const char* lock_not_available = "55P03";
        if (e.sqlstate == lock_not_available)
            throw LockHeld(e.what());
        throw;
    }
    database.query("SELECT pg_catalog.set_config('lock_timeout', $1, true) WHERE "
                   "pg_catalog.current_setting('lock_timeout')::pg_catalog.interval > "
                   "$1::pg_catalog.interval",
                   {max_wait_for_tables});
}

int newest_known()
{
    return schema_steps().empty() ? 0 : schema_steps().back().version;
}

// Not to_regclass: after waiting for the lock it may answer from a cache that is older than what
// the other process committed. Reading a catalog brings the caches up to date.
bool has_table(Database& database, const char* name)
{
    return database
               .query("SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON "
                      "n.oid = c.relnamespace WHERE n.nspname = 'timesheet' AND c.relname = $1",
                      {name})
               .count() != 0;
}

// Throws Failure if there is a schema of this name that cannot be ours. In one statement, as
// another process may be making it at this moment.
bool has_schema(Database& database)
{
    Rows rows = database.query(
        "SELECT c.oid IS NOT NULL FROM pg_catalog.pg_namespace AS n LEFT JOIN pg_catalog.pg_class "
        "AS c ON c.relnamespace = n.oid AND c.relname = 'schema_migrations' WHERE n.nspname = "
        "'timesheet'");
    if (rows.count() == 0)
        return false;
    if (!rows.boolean(0, 0))
        throw Failure("the database has a schema timesheet that is not ours or not whole: it lacks "
                      "the table schema_migrations; nothing was changed. Rename or drop that "
                      "schema, then run timesheetd migrate");
    return true;
}

Applied read_applied(Database& database)
{
    Applied applied;
    applied.has_schema = has_schema(database);
    if (!applied.has_schema)
        return applied;
    Rows rows =
        database.query("SELECT version, name, sha256, applied_by FROM timesheet.schema_migrations");
    for (int row = 0; row < rows.count(); ++row)
        applied.steps[static_cast<int>(rows.number(row, 0))] = {
            rows.text(row, 1), rows.text(row, 2), rows.text(row, 3)};
    if (!has_table(database, "applied_functions"))
        return applied;
    rows = database.query("SELECT version, sha256 FROM timesheet.applied_functions");
    if (rows.count() > 0) {
        applied.functions_version = rows.text(0, 0);
        applied.functions_sha256 = rows.text(0, 1);
    }
    return applied;
}

// {0, 0, 0} for what is no version.
std::array<int, 3> version_numbers(const std::string& text)
{
    std::array<int, 3> numbers{};
    if (std::sscanf(text.c_str(), "%d.%d.%d", &numbers[0], &numbers[1], &numbers[2]) != 3)
        return {};
    return numbers;
}

// A timesheetd works with the schema of its own release and no other: an older one lacks what it
// calls, a newer one may mean something else by it. docs/install.md has the table of both.
void require_known(const Applied& applied)
{
    auto first = applied.steps.find(1);
    if (first != applied.steps.end() && first->second.name == "0001_schema")
        throw Failure(
            "the schema was made before the first release, 0.1.0, and cannot be upgraded; "
            "nothing was changed. Take its raw events, contacts, deliveries and "
            "corrections into a new database, as docs/operations.md says under \"A schema "
            "from before 0.1.0\"");
    if (applied.newest() > newest_known()) {
        const std::string& by = applied.steps.rbegin()->second.by;
        throw Failure(
            fmt::format("the schema is at version {}, newer than this timesheetd {}, which "
                        "knows {}; install timesheetd {}",
                        applied.newest(), version, newest_known(),
                        by.empty() ? "as new as the schema" : by + " or newer"));
    }
    if (version_numbers(applied.functions_version) > version_numbers(version))
        throw Failure(
            fmt::format("the functions in the database are those of timesheetd {0}, newer "
                        "than this timesheetd {1}; install timesheetd {0} or newer",
                        applied.functions_version, version));
}

// Whether it was applied already. Throws if it was, but with another text.
bool is_applied(const Applied& applied, const SchemaStep& step)
{
    auto found = applied.steps.find(step.version);
    if (found == applied.steps.end())
        return false;
    const std::string& sha256 = found->second.sha256;
    if (found->second.name != step.name || (!sha256.empty() && sha256 != step.sha256))
        throw Failure(fmt::format(
            "sql/schema/{}.sql was applied with another text ({}, SHA-256 {}, ours is {}); use the "
            "timesheetd that made this schema, or restore the file and put the change into a new "
            "one",
            step.name, found->second.name, sha256.substr(0, 12), step.sha256.substr(0, 12)));
    return true;
}

std::string not_applied(const std::string& file, const DatabaseError& e)
{
    return fmt::format("sql/{} was not applied: {}", file, e.what());
}

std::string file_of(const SchemaStep& step)
{
    return "schema/" + step.name + ".sql";
}

void run(Database& database, const SchemaStep& step)
{
    database.run_script(step.text);
    database.query("UPDATE timesheet.schema_migrations SET sha256 = $2, applied_by = $3 WHERE "
                   "version = $1::int",
                   {std::to_string(step.version), step.sha256, version}); // it recorded itself
}

// False if another process was faster.
bool apply(Database& database, const SchemaStep& step)
{
    Transaction transaction(database);
    lock_schema(database);
    Applied applied = read_applied(database);
    require_known(applied);
    if (is_applied(applied, step))
        return false;
    try {
        run(database, step);
        transaction.commit();
    } catch (const DatabaseError& e) {
        throw Failure(not_applied(file_of(step), e));
    }
    return true;
}

// Before there is a schema there is nothing to lock: two that begin at once meet at its name, where
// the later one waits for the earlier one's end. False if another process was faster.
bool create_schema(Database& database, const SchemaStep& step)
{
    try {
        Transaction transaction(database);
        run(database, step);
        transaction.commit();
        return true;
    } catch (const DatabaseError& e) {
        constexpr const char* duplicate_schema = "42P06";
        constexpr const char* unique_violation = "23505"; // the other one has just committed
        bool is_there = e.sqlstate == duplicate_schema || e.sqlstate == unique_violation;
        if (!is_there || !is_applied(read_applied(database), step))
            throw Failure(not_applied(file_of(step), e));
        return false;
    }
}

constexpr const char* deadlock_detected = "40P01";

// All or none. False if they are there already.
bool try_functions(Database& database)
{
    Transaction transaction(database);
    lock_schema(database);
    Applied applied = read_applied(database);
    require_known(applied);
    if (applied.functions_sha256 == sql_functions().sha256)
        return false;
    database.query("SET LOCAL check_function_bodies = off"); // one may come before what it calls
    for (const FunctionFile& file : sql_functions().files) {
        try {
            database.run_script(file.text);
        } catch (const DatabaseError& e) {
            if (e.sqlstate == deadlock_detected)
                throw;
            throw Failure(not_applied("functions/" + file.name, e));
        }
    }
    database.query("INSERT INTO timesheet.applied_functions (version, sha256) VALUES ($1, $2) ON "
                   "CONFLICT (singleton) DO UPDATE SET version = excluded.version, sha256 = "
                   "excluded.sha256, applied_at = excluded.applied_at",
                   {version, sql_functions().sha256});
    transaction.commit();
    return true;
}

// A reader of a report locks a view and then those below it, while here these come first: where the
// two deadlock, the server lets one fail, which may be tried again.
bool apply_functions(Database& database)
{
    if (read_applied(database).functions_sha256 == sql_functions().sha256)
        return false; // which takes no right and no lock
    constexpr int max_attempts = 3;
    for (int attempt = 1;; ++attempt) {
        try {
            return try_functions(database);
        } catch (const DatabaseError& e) {
            if (e.sqlstate != deadlock_detected || attempt == max_attempts)
                throw Failure(not_applied("functions", e));
            log::info("sql/functions met a reader and is applied once more: {}", e.what());
        }
    }
}

void create_or_update_extension(Database& database)
{
    // pg_available_extensions knows only the standard directory, CREATE EXTENSION also others such
    // as Debian's extension_destdir; so the version offered may be unknown.
    Rows rows =
        database.query("SELECT (SELECT extversion FROM pg_extension WHERE extname = $1), "
                       "(SELECT default_version FROM pg_available_extensions WHERE name = $1)",
                       {"timesheet"});
    std::string installed = rows.text(0, 0);
    std::string offered = rows.text(0, 1);
    if (installed.empty()) {
        database.query("CREATE EXTENSION timesheet");
        log::info("native engine installed");
    } else if (!offered.empty() && installed != offered) {
        database.query("ALTER EXTENSION timesheet UPDATE");
        log::info("native engine updated from {} to {}", installed, offered);
    }
}

// A failure is no failure of the migration: the sql engine gives the same rows.
void use_native_engine(Database& database)
{
    try {
        Transaction transaction(database);
        lock_schema(database);
        create_or_update_extension(database);
        transaction.commit();
    } catch (const DatabaseError& e) {
        constexpr const char* feature_not_supported = "0A000"; // "… is not available"
        if (e.sqlstate == feature_not_supported)
            log::debug("no native engine on this server: {}", e.what());
        else
            log::warn("the native engine could not be installed or updated; what was there "
                      "before goes on: {}",
                      e.what());
    }
}

// Where something other than timesheetd copied the schema: all files are recorded, or it throws.
void adopt_copied_schema(Database& database)
{
    Transaction transaction(database);
    lock_schema(database);
    if (!read_applied(database).steps.empty())
        return; // another process was faster
    record_copied_steps(database);
    transaction.commit();
}

void complete_rows(Database& database)
{
    if (!lacks_rows(database))
        return;
    Transaction transaction(database);
    lock_schema(database);
    put_rows_back(database);
    transaction.commit();
}

// What is wrong with functions that are not ours.
std::string other_functions(const std::string& of_version)
{
    if (of_version.empty())
        return "the schema has no functions yet";
    if (of_version == version)
        return fmt::format("the functions in the database have another text than those of this "
                           "timesheetd {}",
                           version);
    return fmt::format("the functions in the database are those of timesheetd {}, older than this "
                       "timesheetd {}",
                       of_version, version);
}

// In one round trip, as each pass asks. Whatever is not as it should be is looked at in detail.
bool is_current(Database& database)
{
    try {
        Rows rows = database.query(
            "SELECT NOT pg_catalog.pg_is_in_recovery() AND NOT "
            "pg_catalog.current_setting('transaction_read_only')::bool AND "
            "pg_catalog.current_setting('server_encoding') = 'UTF8' AND f.sha256 = $1 AND "
            "(SELECT timesheet.require_every_row()), m.version, m.name, m.sha256 FROM "
            "timesheet.applied_functions AS f CROSS JOIN timesheet.schema_migrations AS m",
            {sql_functions().sha256});
        Applied applied;
        for (int row = 0; row < rows.count(); ++row) {
            if (!rows.boolean(row, 0))
                return false;
            applied.steps[static_cast<int>(rows.number(row, 1))] = {rows.text(row, 2),
                                                                    rows.text(row, 3), ""};
        }
        const auto& known = schema_steps();
        return applied.steps.size() == known.size() &&
               std::all_of(known.begin(), known.end(),
                           [&](const SchemaStep& step) { return is_applied(applied, step); });
    } catch (const DatabaseError&) { // there is no schema, or it is another one
        return false;
    }
}

} // namespace

void migrate(Database& database)
{
    require_utf8(database);
    require_writable(database);
    Applied applied = read_applied(database);
    if (applied.has_schema && applied.steps.empty()) {
        adopt_copied_schema(database);
        applied = read_applied(database);
    }
    require_known(applied);
    int applied_now = 0;
    for (const SchemaStep& step : schema_steps()) {
        if (is_applied(applied, step))
            continue;
        bool is_begun = !applied.steps.empty() || step.version != schema_steps().front().version;
        if (!(is_begun ? apply(database, step) : create_schema(database, step)))
            continue;
        log::info("schema step {} applied", step.name);
        ++applied_now;
    }
    bool has_new_functions = apply_functions(database);
    complete_rows(database);
    use_native_engine(database);
    log::info("schema is at version {} ({} applied now), functions of {} ({}), engine: {}",
              newest_known(), applied_now, version, has_new_functions ? "applied now" : "unchanged",
              database.query("SELECT timesheet.engine()").text(0, 0));
}

void require_current_schema(Database& database)
{
    if (is_current(database))
        return;
    require_writable(database);
    require_readable_schema(database);
}

void require_readable_schema(Database& database)
{
    require_utf8(database);
    Applied applied = read_applied(database);
    require_known(applied);
    if (!applied.has_schema)
        throw Failure("the database has no timesheet schema; run timesheetd migrate");
    if (applied.steps.empty())
        throw Failure("the schema timesheet was copied without its rows, as pg_dump --schema-only "
                      "and supabase migration squash do: schema_migrations has none; run "
                      "timesheetd migrate, which puts them back");
    if (applied.newest() < newest_known())
        throw Failure(fmt::format("the schema is at version {}, older than this timesheetd {}, "
                                  "which needs {}; run timesheetd migrate",
                                  applied.newest(), version, newest_known()));
    for (const SchemaStep& step : schema_steps())
        if (!is_applied(applied, step))
            throw Failure(fmt::format("the schema lacks version {} of {}; run timesheetd migrate",
                                      step.version, newest_known()));
    if (applied.functions_sha256 != sql_functions().sha256)
        throw Failure(other_functions(applied.functions_version) + "; run timesheetd migrate");
    database.query("SELECT timesheet.require_every_row()");
}

} // namespace timesheetd
