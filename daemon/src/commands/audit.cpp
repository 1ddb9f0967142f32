#include "commands/audit.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "jibble/jibble_client.hpp"
#include "jibble/jibble_summaries.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_record.hpp"
#include "postgres/text_array.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/standard_streams.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::chrono::seconds spacing_after_429{2};
constexpr const char* probe = "run timesheetd probe to see how this account answers";
constexpr JsonBounds session_list{64 * mebibyte, 1, 1'000'000};

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
    return lines.empty() ? "    no session here\n" : lines;
}

std::string table_row(const std::string& day, const std::string& agent, const std::string& ours,
                      const std::string& jibble, const std::string& difference,
                      const std::string& kind, const std::string& explanation)
{
    return fmt::format("{:<10}  {:<24}  {:>7}  {:>7}  {:>10}  {:<15}  {}\n", day, agent, ours,
                       jibble, difference, kind, explanation);
}

// Every day of an agent that was looked at, in the order of store_audit()'s columns.
class Comparison
{
  public:
    Comparison(Rows rows, std::size_t people) : rows_(std::move(rows)), people_(people)
    {
        for (int row = 0; row < rows_.count(); ++row) {
            compared_ += !rows_.is_null(row, jibble);
            if (!rows_.is_null(row, kind))
                ++kinds_[rows_.text(row, kind)];
        }
    }

    // Only the days that do not agree.
    std::string table() const
    {
        std::string text;
        for (int row = 0; row < rows_.count(); ++row)
            if (!rows_.is_null(row, kind))
                text += text_of(row);
        if (!text.empty())
            text.insert(0, table_row("Day", "Agent", "Ours", "Jibble", "Difference", "Kind",
                                     "Explanation"));
        return text;
    }

    std::string total() const
    {
        std::string text = fmt::format("{} of {} agents' days differ by more than a minute",
                                       number_of("differs"), compared_);
        for (const auto& [name, words] :
             {std::pair("incomplete", "incomplete"),
              std::pair("across_midnight", "only across midnight"),
              std::pair("unreadable", "unreadable"), std::pair("refused", "refused")})
            if (int number = number_of(name))
                text += fmt::format(", {} {}", number, words);
        return text;
    }

    // An answer that names no person is no answer, also where we have no hours.
    void require_anybody(const Summaries& summaries) const
    {
        if (people_ == 0)
            throw Failure(
                "no person could be compared: no agent is known; run timesheetd sync first");
        if (compared_ > 0)
            return;
        if (!summaries.refused.empty())
            throw Failure(fmt::format("no person could be compared: Jibble refused or did not name "
                                      "any of {} people, the last time: {}; check that the API "
                                      "credentials may read everybody's timesheets, and {}",
                                      people_, summaries.refused.back().text, probe));
        if (summaries.named > 0)
            throw Failure(fmt::format("no person could be compared: Jibble answered 200 for "
                                      "TimesheetsSummary, and none of its figures for {} people "
                                      "can be read; {}",
                                      people_, probe));
        if (!summaries.unreadable.empty())
            throw Failure(fmt::format("no person could be compared: none of {} people; {}; {}",
                                      people_, summaries.unreadable.back().text, probe));
        throw Failure(fmt::format("nothing was compared: Jibble answered 200 for "
                                  "TimesheetsSummary, and names none of {} people; {}",
                                  people_, probe));
    }

  private:
    enum Column { day, agent, ours, jibble, kind, detail, sessions };

    int number_of(const char* name) const
    {
        auto found = kinds_.find(name);
        return found == kinds_.end() ? 0 : found->second;
    }

    std::string text_of(int row) const
    {
        long long our_seconds = rows_.number(row, ours);
        std::string theirs = "-", difference = "-";
        if (!rows_.is_null(row, jibble)) {
            theirs = hours_and_minutes(rows_.number(row, jibble));
            difference = hours_and_minutes(our_seconds - rows_.number(row, jibble));
        }
        std::string text = table_row(rows_.text(row, day), one_line(rows_.text(row, agent)),
                                     hours_and_minutes(our_seconds), theirs, difference,
                                     rows_.text(row, kind), one_line(rows_.text(row, detail)));
        std::string name = rows_.text(row, kind);
        if (name == "differs" || name == "incomplete")
            text += session_lines(rows_.text(row, sessions));
        return text;
    }

    Rows rows_;
    std::size_t people_;
    int compared_ = 0;
    std::map<std::string, int> kinds_;
};

// A refusal that is not about a person, or no answer at all, ends the audit.
Summaries read(JibbleClient& jibble, Window window, const std::vector<Guid>& people)
{
    try {
        return read_summaries(jibble, window, people);
    } catch (const RefusedByJibble& e) {
        throw Failure(
            fmt::format("no person could be compared: {}; {}, and {}", e.fact, e.remedy, probe));
    } catch (const LastingFailure& e) {
        throw Failure(fmt::format("no person could be compared: {}; {}; if it stays so, {}", e.fact,
                                  e.remedy, probe));
    }
}

struct FaultArrays {
    explicit FaultArrays(const std::vector<PersonFault>& faults)
    {
        for (const PersonFault& fault : faults) {
            people.add(to_text(fault.person));
            texts.add(fault.text);
        }
    }

    TextArray people, texts;
};

Comparison compare(Database& database, const Configuration& configuration, Window window)
{
    std::string since = to_text(window.since);
    std::string until = to_text(window.until);
    Rows asked = database.query(
        "SELECT p.id FROM timesheet.audited_people($1::date, $2::date) AS p (id)", {since, until});
    std::vector<Guid> people;
    TextArray ids;
    for (int row = 0; row < asked.count(); ++row) {
        ids.add(asked.text(row, 0));
        people.push_back(parse_guid(asked.text(row, 0)).value());
    }

    JibbleClient jibble(configuration);
    jibble.space_out_after_429(spacing_after_429);
    Summaries summaries = read(jibble, window, people);
    TextArray objects;
    for (const std::string& object : summaries.objects)
        objects.add(object);
    FaultArrays refused(summaries.refused);
    FaultArrays unreadable(summaries.unreadable);
    Comparison comparison(
        database.query(
            "SELECT a.day, a.agent, a.our_seconds, a.jibble_seconds, a.kind, a.detail, "
            "pg_catalog.to_json(a.sessions) "
            "FROM timesheet.store_audit($1::date, $2::date, $3::text[]::uuid[], "
            "$4::text[], $5::text[]::uuid[], $6::text[], $7::text[]::uuid[], $8::text[]) AS a",
            {since, until, ids, objects, refused.people, refused.texts, unreadable.people,
             unreadable.texts}),
        people.size());
    comparison.require_anybody(summaries);
    return comparison;
}

Comparison recorded_comparison(const Configuration& configuration, Database& database,
                               Window window)
{
    std::optional<Comparison> comparison;
    recorded_pass(database, "audit",
                  [&] { comparison.emplace(compare(database, configuration, window)); });
    return std::move(*comparison);
}

} // namespace

void audit(const Configuration& configuration, Window window)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    Comparison comparison = recorded_comparison(configuration, database, window);
    print_output(comparison.table() + comparison.total() + "\n");
}

void audit_last_closed_week(const Configuration& configuration)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    Rows week = database.query("SELECT w.since, w.until FROM timesheet.last_closed_week() AS w");
    Window window{parse_date(week.text(0, 0)).value(), parse_date(week.text(0, 1)).value()};
    Comparison comparison = recorded_comparison(configuration, database, window);
    log::info("audit of {} finished: {}", to_text(window), comparison.total());
}

} // namespace timesheetd
