#include "postgres/database_state.hpp"

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

constexpr const char* setting = "default_transaction_read_only";

// As a transaction of its own: a plain statement is refused as well.
std::string reset(const std::string& of)
{
    return fmt::format("run BEGIN READ WRITE; ALTER {} RESET {}; COMMIT", of, setting);
}

// Where the setting was made, and what ends it.
std::string origin_and_remedy(const std::string& source, const std::string& database,
                              const std::string& role)
{
    if (source == "database")
        return "for the database; " + reset("DATABASE " + database);
    if (source == "user")
        return "for the role; " + reset("ROLE " + role);
    if (source == "database user")
        return "for the role in this database; " +
               reset(fmt::format("ROLE {} IN DATABASE {}", role, database));
    if (source == "global")
        return "for all roles; " + reset("ROLE ALL");
    if (source == "client")
        return fmt::format("by DATABASE_URL or PGOPTIONS; take {} out there", setting);
    if (source == "command line" || source == "environment variable")
        return fmt::format("as the server was started; start it without {}", setting);
    return fmt::format("for the whole server; run ALTER SYSTEM SET {} = off, then SELECT "
                       "pg_reload_conf()",
                       setting);
}

} // namespace

// As sql/schema/0001_foundation.sql says it where psql applies that.
void require_utf8(Database& database)
{
    Rows rows = database.query("SELECT pg_catalog.current_setting('server_encoding'), "
                               "pg_catalog.current_database()");
    if (rows.text(0, 0) == "UTF8")
        return;
    throw Failure(fmt::format("the encoding of database \"{}\" is {}, but timesheet needs UTF8; "
                              "nothing was changed. Create another database, by createdb -E UTF8 "
                              "-T template0 -l C.UTF-8 NAME, and name it in DATABASE_URL",
                              rows.text(0, 1), rows.text(0, 0)));
}

void require_writable(Database& database)
{
    Rows rows = database.query(
        "SELECT pg_catalog.pg_is_in_recovery(), "
        "pg_catalog.current_setting('transaction_read_only')::bool, s.source, "
        "pg_catalog.quote_ident(pg_catalog.current_database()), "
        "pg_catalog.quote_ident(session_user) FROM pg_catalog.pg_settings AS s WHERE s.name = "
        "'default_transaction_read_only'");
    if (rows.boolean(0, 0))
        throw Failure("the database is read-only, as its server is a standby; name the primary "
                      "server in DATABASE_URL");
    if (rows.boolean(0, 1))
        throw Failure(fmt::format(
            "the database is read-only. If its disk is full, which is when Supabase and others "
            "make it so, make room first. default_transaction_read_only was set {}",
            origin_and_remedy(rows.text(0, 2), rows.text(0, 3), rows.text(0, 4))));
}

void try_to_write(Database& database)
{
    require_writable(database);
    // A temporary table writes to the catalogs. Not one of ours: the schema may be missing.
    if (!database
             .query("SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), "
                    "'TEMPORARY')")
             .boolean(0, 0))
        return;
    Transaction transaction(database);
    database.query("CREATE TEMPORARY TABLE timesheet_check ()");
}

} // namespace timesheetd
