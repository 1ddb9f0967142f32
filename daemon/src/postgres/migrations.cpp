#include "postgres/migrations.hpp"

#include <map>

#include <spdlog/spdlog.h>

#include "postgres/migration_files.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

struct AppliedMigration {
    std::string sha256; // "" if something else applied it, such as psql
    std::string by;     // the version of timesheetd, likewise
};
// By version; empty where there is no schema yet.
using Applied = std::map<int, AppliedMigration>;

// A migration that waits for a lock of a table holds up whoever asks for the table after it.
constexpr const char* max_table_lock_wait = "30s";

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
                   {max_table_lock_wait});
}

int newest_known()
{
    return migration_files().empty() ? 0 : migration_files().back().version;
}

Applied applied_migrations(Database& database)
{
    Applied applied;
    // Not to_regclass: after waiting for the lock it may answer from a cache that is older than what
    // the other process committed. Reading a catalog brings the caches up to date.
    Rows found = database.query("SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace "
                                "AS n ON n.oid = c.relnamespace WHERE n.nspname = 'timesheet' AND "
                                "c.relname = 'schema_migrations'");
    if (found.count() == 0)
        return applied;
    Rows rows =
        database.query("SELECT version, sha256, applied_by FROM timesheet.schema_migrations");
    for (int row = 0; row < rows.count(); ++row)
        applied[static_cast<int>(rows.number(row, 0))] = {rows.text(row, 1), rows.text(row, 2)};
    return applied;
}

int newest(const Applied& applied)
{
    return applied.empty() ? 0 : applied.rbegin()->first;
}

// A timesheetd works with the schema of its own files and no other: an older one lacks what it
// calls, a newer one may mean something else by it. docs/install.md has the table of both.
void require_known(const Applied& applied)
{
    if (newest(applied) <= newest_known())
        return;
    const std::string& by = applied.rbegin()->second.by;
    throw Failure(fmt::format("the schema is at version {}, newer than this timesheetd {}, which "
                              "knows {}; install timesheetd {}",
                              newest(applied), version, newest_known(),
                              by.empty() ? "as new as the schema" : by + " or newer"));
}

// Whether it stands there already. Throws if it does, but with another text.
bool is_applied(const Applied& applied, const MigrationFile& file)
{
    auto found = applied.find(file.version);
    if (found == applied.end())
        return false;
    const std::string& sha256 = found->second.sha256;
    if (!sha256.empty() && sha256 != file.sha256)
        throw Failure(fmt::format(
            "sql/{}.sql was applied with another text (SHA-256 {}, ours is {}); use the timesheetd "
            "that made this schema, or restore the file and put the change into a new one",
            file.name, sha256.substr(0, 12), file.sha256.substr(0, 12)));
    return true;
}

std::string not_applied(const MigrationFile& file, const DatabaseError& e)
{
    return fmt::format("sql/{}.sql was not applied: {}", file.name, e.what());
}

void run(Database& database, const MigrationFile& file)
{
    database.run_script(file.text);
    database.query("UPDATE timesheet.schema_migrations SET sha256 = $2, applied_by = $3 WHERE "
                   "version = $1::int",
                   {std::to_string(file.version), file.sha256, version}); // it recorded itself
}

// False if another process was faster.
bool apply(Database& database, const MigrationFile& file)
{
    Transaction transaction(database);
    lock_schema(database);
    Applied applied = applied_migrations(database);
    require_known(applied);
    if (is_applied(applied, file))
        return false;
    try {
        run(database, file);
        transaction.commit();
    } catch (const DatabaseError& e) {
        throw Failure(not_applied(file, e));
    }
    return true;
}

// Before there is a schema there is nothing to lock: two that begin at once meet at its name, where the
// later one waits for the earlier one's end. False if another process was faster.
bool create_schema(Database& database, const MigrationFile& file)
{
    try {
        Transaction transaction(database);
        run(database, file);
        transaction.commit();
        return true;
    } catch (const DatabaseError& e) {
        constexpr const char* duplicate_schema = "42P06";
        constexpr const char* unique_violation = "23505"; // the other one has just committed
        bool is_there = e.sqlstate == duplicate_schema || e.sqlstate == unique_violation;
        if (!is_there || !is_applied(applied_migrations(database), file))
            throw Failure(not_applied(file, e));
        return false;
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
        spdlog::info("native engine installed");
    } else if (!offered.empty() && installed != offered) {
        database.query("ALTER EXTENSION timesheet UPDATE");
        spdlog::info("native engine updated from {} to {}", installed, offered);
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
            spdlog::debug("no native engine on this server: {}", e.what());
        else
            spdlog::warn("the native engine could not be installed or updated; what was there "
                         "before goes on: {}",
                         e.what());
    }
}

} // namespace

void migrate(Database& database)
{
    Applied applied = applied_migrations(database);
    require_known(applied);
    int applied_now = 0;
    for (const MigrationFile& file : migration_files()) {
        if (is_applied(applied, file))
            continue;
        bool has_schema = !applied.empty() || file.version != migration_files().front().version;
        if (!(has_schema ? apply(database, file) : create_schema(database, file)))
            continue;
        spdlog::info("migration {} applied", file.name);
        ++applied_now;
    }
    use_native_engine(database);
    spdlog::info("schema is at version {} ({} applied now), engine: {}", newest_known(),
                 applied_now, database.query("SELECT timesheet.engine()").text(0, 0));
}

void require_current_schema(Database& database)
{
    Applied applied = applied_migrations(database);
    require_known(applied);
    if (applied.empty())
        throw Failure("the database has no timesheet schema; run timesheetd migrate");
    if (newest(applied) < newest_known())
        throw Failure(fmt::format("the schema is at version {}, older than this timesheetd {}, "
                                  "which needs {}; run timesheetd migrate",
                                  newest(applied), version, newest_known()));
    for (const MigrationFile& file : migration_files())
        if (!is_applied(applied, file))
            throw Failure(fmt::format("the schema lacks version {} of {}; run timesheetd migrate",
                                      file.version, newest_known()));
}

} // namespace timesheetd
