#include "api/timesheets_summary.hpp"

#include "api/page_envelope.hpp"
#include "api/timesheet_days.hpp"
#include "api/timesheet_query.hpp"
#include "personality/personality_query.hpp"
#include "values/json_writer.hpp"

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

struct Sheet {
    Guid person;
    std::map<Days, TimesheetDay> days;
};

// Writes sheets in the manner of a personality.
class SheetWriter
{
  public:
    explicit SheetWriter(const Personality& personality)
        : durations_(personality.summary_durations),
          digits_(personality.seventh_digit == Personality::SeventhDigit::any ? 7 : 6)
    {
    }

    std::string sheet(const Sheet& sheet, const TimesheetQuery& query) const
    {
        std::string daily = "[";
        Micros total = 0;
        for (const auto& [day_date, figures] : sheet.days) {
            daily += daily.size() == 1 ? "" : ",";
            daily += day(day_date, figures);
            total += figures.payroll;
        }
        JsonObject object;
        object.text("personId", to_text(sheet.person));
        date(object, "date", query.first);
        date(object, "endDate", query.last);
        duration(object, "total", total);
        object.raw("daily", daily + "]");
        return object.finish();
    }

  private:
    std::string day(Days day_date, const TimesheetDay& day) const
    {
        JsonObject object;
        date(object, "date", day_date);
        instant_or_null(object, "firstIn", day.first_in);
        instant_or_null(object, "lastOut", day.last_out);
        duration(object, "tracked", day.tracked);
        duration(object, "payrollHours", day.payroll);
        duration(object, "paidBreak", day.paid_break);
        duration(object, "unpaidBreak", day.unpaid_break);
        return object.finish();
    }

    void duration(JsonObject& object, const char* name, Micros length) const
    {
        std::string text;
        if (durations_ == Personality::Durations::plain)
            append_duration(text, length / seconds);
        else
            append_exact_duration(text, length, durations_ == Personality::Durations::days);
        object.text(name, text);
    }

    void instant_or_null(JsonObject& object, const char* name,
                         const std::optional<Micros>& value) const
    {
        std::string text;
        if (value)
            append_utc(text, *value, digits_, 9);
        object.text_or_null(name, text);
    }

    Personality::Durations durations_;
    int digits_;
};

void take_over(TimesheetDay& day, const DayOverride& figures)
{
    day.payroll = figures.payroll.value_or(day.payroll);
    day.tracked = figures.tracked.value_or(day.tracked);
    day.paid_break = figures.paid_break.value_or(day.paid_break);
    day.unpaid_break = figures.unpaid_break.value_or(day.unpaid_break);
}

} // namespace

TimesheetsSummary::TimesheetsSummary(const Organisation& organisation, const Truth& truth,
                                     const Personality& personality)
    : org_(organisation), truth_(truth), personality_(personality),
      people_by_id_(organisation.people.size())
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
    apply(personality_, schema(), query.page);
    if (personality_.person_ids == Personality::PersonIds::single && query.people_asked > 1)
        throw bad_query("Parameter personIds was given more than once.");
    std::vector<Sheet> sheets;
    for (std::size_t person : people_by_id_) {
        const Guid& id = org_.people[person].id;
        if (erased_.count(id) || (query.people && query.people->count(id) == 0))
            continue;
        Sheet sheet{id,
                    timesheet_days(org_, truth_, personality_, person, query.first, query.last)};
        for (const auto& [day_date, figures] : overrides_.between(person, query.first, query.last))
            take_over(sheet.days[day_date], figures);
        if (!sheet.days.empty())
            sheets.push_back(std::move(sheet));
    }
    std::size_t most_days = static_cast<std::size_t>(query.last - query.first) + 1;
    SheetWriter writer(personality_);
    auto append = [&](std::string& out, std::size_t i) { out += writer.sheet(sheets[i], query); };
    if (personality_.summary_envelope == Personality::Envelope::array)
        return page_array(query.page, sheets.size(), append);
    return page_envelope(schema(), query.page, sheets.size(),
                         day_size * std::min<std::size_t>(most_days, 100), append);
}

bool TimesheetsSummary::override_day(const Guid& person, Days date, const DayOverride& day)
{
    if (erased_.count(person))
        return false;
    auto found = std::find_if(org_.people.begin(), org_.people.end(),
                              [&](const Person& known) { return known.id == person; });
    if (found == org_.people.end())
        return false;
    overrides_.set(static_cast<std::size_t>(found - org_.people.begin()), date, day);
    return true;
}

} // namespace fake
