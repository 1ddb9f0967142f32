#include "timesheets_summary.h"

#include "json_writer.h"
#include "page_envelope.h"
#include "timesheet_days.h"
#include "timesheet_query.h"

#include <algorithm>
#include <numeric>

namespace fake
{

namespace
{

constexpr std::size_t day_size = 200;

void date(JsonObject& object, const char* name, Days value)
{
    std::string text;
    append_date(text, value);
    object.text(name, text);
}

void duration(JsonObject& object, const char* name, std::int64_t total_seconds)
{
    std::string text;
    append_duration(text, total_seconds);
    object.text(name, text);
}

void instant_or_null(JsonObject& object, const char* name, const std::optional<Micros>& value)
{
    std::string text;
    if (value)
        append_utc(text, *value, 6);
    object.text_or_null(name, text);
}

std::string day_json(Days day_date, const TimesheetDay& day)
{
    JsonObject object;
    date(object, "date", day_date);
    instant_or_null(object, "firstIn", day.first_in);
    instant_or_null(object, "lastOut", day.last_out);
    duration(object, "payrollHours", day.payroll_seconds);
    duration(object, "trackedHours", day.tracked_seconds);
    duration(object, "breakHours", day.break_seconds);
    return object.finish();
}

struct Sheet {
    Guid person;
    std::map<Days, TimesheetDay> days;
};

std::string sheet_json(const Sheet& sheet, const TimesheetQuery& query)
{
    std::string daily = "[";
    std::int64_t total = 0;
    for (const auto& [day_date, day] : sheet.days) {
        daily += daily.size() == 1 ? "" : ",";
        daily += day_json(day_date, day);
        total += day.payroll_seconds;
    }
    JsonObject object;
    object.text("personId", to_text(sheet.person));
    date(object, "date", query.first);
    date(object, "endDate", query.last);
    duration(object, "total", total);
    object.raw("daily", daily + "]");
    return object.finish();
}

} // namespace

TimesheetsSummary::TimesheetsSummary(const Organisation& organisation, const Truth& truth)
    : org_(organisation), truth_(truth), people_by_id_(organisation.people.size())
{
    std::iota(people_by_id_.begin(), people_by_id_.end(), 0);
    std::sort(people_by_id_.begin(), people_by_id_.end(),
              [&](std::size_t a, std::size_t b) { return org_.people[a].id < org_.people[b].id; });
}

const Schema& TimesheetsSummary::schema()
{
    static const Schema schema{"TimesheetsSummary", "time-attendance", {}};
    return schema;
}

std::string TimesheetsSummary::page(const Parameters& parameters, std::size_t page_cap) const
{
    TimesheetQuery query = parse_timesheet_query(schema(), parameters, page_cap);
    std::vector<Sheet> sheets;
    for (std::size_t person : people_by_id_) {
        const Guid& id = org_.people[person].id;
        if (query.people && query.people->count(id) == 0)
            continue;
        Sheet sheet{id, timesheet_days(org_, truth_, person, query.first, query.last)};
        for (auto [day_date, payroll] : overrides_.between(person, query.first, query.last))
            sheet.days[day_date].payroll_seconds = payroll;
        if (!sheet.days.empty())
            sheets.push_back(std::move(sheet));
    }
    std::size_t most_days = static_cast<std::size_t>(query.last - query.first) + 1;
    return page_envelope(
        schema(), query.page, sheets.size(), day_size * std::min<std::size_t>(most_days, 100),
        [&](std::string& out, std::size_t i) { out += sheet_json(sheets[i], query); });
}

bool TimesheetsSummary::override_payroll(const Guid& person, Days date,
                                         std::int64_t payroll_seconds)
{
    auto found = std::find_if(org_.people.begin(), org_.people.end(),
                              [&](const Person& known) { return known.id == person; });
    if (found == org_.people.end())
        return false;
    overrides_.set(static_cast<std::size_t>(found - org_.people.begin()), date, payroll_seconds);
    return true;
}

} // namespace fake
