#include "commands/contacts.hpp"

#include "digest/airtable_client.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/pass_record.hpp"
#include "process/log.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

std::vector<std::string> contact_problems(Database& database)
{
    constexpr int max_shown = 20;
    Rows shown =
        database.query("SELECT record_id, value, problem, count(*) OVER () "
                       "FROM timesheet.contact_problems ORDER BY contact_problem_id LIMIT $1::int",
                       {std::to_string(max_shown)});
    std::vector<std::string> problems;
    for (int row = 0; row < shown.count(); ++row)
        problems.push_back(fmt::format("Airtable record {}: \"{}\": {}", shown.text(row, 0),
                                       shown.text(row, 1), shown.text(row, 2)));
    if (shown.count() > 0 && shown.number(0, 3) > shown.count())
        problems.push_back(fmt::format("and {} more problems; see timesheet.contact_problems",
                                       shown.number(0, 3) - shown.count()));
    return problems;
}

void fetch_contacts(const Configuration& configuration, Database& database,
                    MassDeletion mass_deletion)
{
    AirtableClient airtable(configuration);
    std::string records = airtable.records();
    const std::string& supervisor_field = configuration.text("AIRTABLE_SUPERVISOR_FIELD");
    Rows result = database.query("SELECT s.contacts, s.added, s.removed, s.problems, s.held FROM "
                                 "timesheet.store_contacts($1::json, $2, $3, $4::boolean, $5) AS s",
                                 {records, configuration.text("AIRTABLE_EMAIL_FIELD"),
                                  configuration.text("AIRTABLE_GROUP_FIELD"),
                                  mass_deletion == MassDeletion::allowed ? "t" : "f",
                                  supervisor_field.empty() ? nullptr : supervisor_field.c_str()});
    long long problems = result.number(0, 3);
    for (const std::string& problem : contact_problems(database))
        log::warn("{}", problem);
    long long held = result.number(0, 4);
    if (held > 0)
        log::warn(
            "Airtable no longer lists {} of {} contacts: they are kept, but get no digest until "
            "it lists them again; check AIRTABLE_TABLE, AIRTABLE_EMAIL_FIELD and what the "
            "token may read, or, if they are to be removed, run timesheetd contacts "
            "--allow-mass-deletion",
            held, result.number(0, 0));
    log::info("{} contacts: {} added, {} removed, {} problems", result.number(0, 0),
              result.number(0, 1), result.number(0, 2), problems);
}

void contacts(const Configuration& configuration, MassDeletion mass_deletion)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    if (has_time_limit())
        database.query("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                       {std::to_string(lock_wait_under_time_limit.count())});
    recorded_pass(database, "contacts", [&] {
        try {
            fetch_contacts(configuration, database, mass_deletion);
        } catch (const TimeIsUp& e) { // a list counts whole or not at all: no call goes on with it
            throw Failure(fmt::format("contacts: {}, and the list was not read whole; nothing was "
                                      "changed; give --time-limit more seconds",
                                      e.what()));
        }
    });
}

} // namespace timesheetd
