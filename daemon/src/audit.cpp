#include "audit.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "database.hpp"
#include "failure.hpp"
#include "jibble_client.hpp"
#include "json_answer.hpp"
#include "migrations.hpp"
#include "standard_streams.hpp"
#include "utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t most_bytes = 64 << 20; // of all summaries together
constexpr JsonBounds session_list{64 * mebibyte, 1, 1'000'000};

// Jibble's summary of one person, as it came. It has one object for a person.
void add_summary(JibbleClient& jibble, Window window, const std::string& person,
                 TextArray& summaries)
{
    Page page = jibble.fetch(timesheets_summary(window, person), "", 0, 1);
    if (summaries.bytes().size() + page.payloads.bytes().size() > most_bytes)
        throw Failure(
            fmt::format("TimesheetsSummary: Jibble's answers have more than {} MiB in all, "
                        "the most that is read; audit fewer days at once",
                        most_bytes >> 20));
    summaries.append(page.payloads);
}

std::string hours_and_minutes(long long seconds)
{
    long long minutes = std::llabs(seconds) / 60;
    return fmt::format("{}{}:{:02}", seconds < 0 ? "-" : "", minutes / 60, minutes % 60);
}

// One for each session; names in them come from elsewhere.
std::string session_lines(const std::string& sessions)
{
    rapidjson::Document list;
    JsonProblem why = parse_json(list, sessions, session_list);
    if (!why.empty() || !list.IsArray())
        throw Failure("the sessions of a day cannot be shown: " + why.text);
    std::string lines;
    for (const rapidjson::Value& session : list.GetArray())
        lines += "    " + one_line(session.GetString()) + "\n";
    return lines.empty() ? "    no session of ours\n" : lines;
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
                               "pg_catalog.to_json(a.sessions) "
                               "FROM timesheet.audit($1::date, $2::date, $3::text[]) AS a",
                               {since, until, summaries});
    for (int row = 0; row < days.count(); ++row) {
        long long theirs = days.number(row, 2);
        long long ours = days.number(row, 3);
        print_output(fmt::format("{}  {}: Jibble {}, ours {}, difference {}\n{}", days.text(row, 0),
                                 one_line(days.text(row, 1)), hours_and_minutes(theirs),
                                 hours_and_minutes(ours), hours_and_minutes(ours - theirs),
                                 session_lines(days.text(row, 4))));
    }
    print_output(fmt::format("{} of {} agents' days differ by more than a minute\n", days.count(),
                             people.count() * window.days()));
}

} // namespace timesheetd
