#include "audit.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "database.hpp"
#include "jibble_client.hpp"
#include "migrations.hpp"

namespace timesheetd
{

namespace
{

// Jibble's summary of one person, as it came. It has one object for a person.
void add_summary(JibbleClient& jibble, Window window, const std::string& person,
                 TextArray& summaries)
{
    Page page = jibble.fetch(timesheets_summary(window, person), "", 0, 1);
    summaries.append(page.payloads);
}

std::string hours_and_minutes(long long seconds)
{
    long long minutes = std::llabs(seconds) / 60;
    return fmt::format("{}{}:{:02}", seconds < 0 ? "-" : "", minutes / 60, minutes % 60);
}

} // namespace

void audit(const Configuration& configuration, Window window)
{
    Database database(configuration.text("DATABASE_URL"));
    demand_current_schema(database);
    JibbleClient jibble(configuration);
    std::string since = to_text(window.since);
    std::string until = to_text(window.until);

    Rows people = database.query(
        "SELECT p.id FROM timesheet.audited_people($1::date, $2::date) AS p (id)", {since, until});
    TextArray summaries;
    for (int row = 0; row < people.count(); ++row)
        add_summary(jibble, window, people.text(row, 0), summaries);

    Rows days = database.query("SELECT a.on_date, a.agent, a.jibble_seconds, a.our_seconds, "
                               "pg_catalog.array_to_string(a.sessions, E'\\n    ') "
                               "FROM timesheet.audit($1::date, $2::date, $3::text[]) AS a",
                               {since, until, summaries});
    for (int row = 0; row < days.count(); ++row) {
        long long theirs = days.number(row, 2);
        long long ours = days.number(row, 3);
        fmt::print("{}  {}: Jibble {}, ours {}, difference {}\n    {}\n", days.text(row, 0),
                   days.text(row, 1), hours_and_minutes(theirs), hours_and_minutes(ours),
                   hours_and_minutes(ours - theirs),
                   days.text(row, 4).empty() ? "no session of ours" : days.text(row, 4));
    }
    fmt::print("{} of {} agents' days differ by more than a minute\n", days.count(),
               people.count() * window.days());
}

} // namespace timesheetd
