#include "probe/probe_summary.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "probe/probe_days.hpp"
#include "text/iso_duration.hpp"

namespace timesheetd
{

namespace
{

using std::chrono::milliseconds;

constexpr std::size_t max_asked_days = 3; // of hours typed in as a duration

// Jibble's tracked time by person and day; nothing for a day without a figure that can be read.
struct Summary {
    ProbeAnswer answer;
    std::map<Guid, std::map<long, std::optional<milliseconds>>> people;

    // A day that is not shown has no time.
    std::optional<milliseconds> tracked(const Guid& person, Date date) const
    {
        auto days = people.find(person);
        if (days == people.end())
            return std::nullopt;
        auto day = days->second.find(date.day);
        return day == days->second.end() ? milliseconds{} : day->second;
    }
};

Summary ask_summary(ProbeAccount& account, Window window, const std::vector<Guid>& people)
{
    QueryOptions options{
        {"period", "Custom"}, {"date", to_text(window.since)}, {"endDate", to_text(window.until)}};
    for (const Guid& person : people)
        options.emplace_back("personIds", to_text(person));
    Summary summary;
    summary.answer =
        account.jibble().get(JibbleHost::time_attendance, "TimesheetsSummary",
                             query_string(options), counted(people.size(), "person", "people"));
    if (!summary.answer.has_rows())
        return summary;
    for (const rapidjson::Value& row : summary.answer.rows()) {
        auto person = guid_member(row, "personId");
        if (!person)
            continue;
        auto& days = summary.people[*person];
        auto daily = row.FindMember("daily");
        if (daily == row.MemberEnd() || !daily->value.IsArray())
            continue;
        for (const rapidjson::Value& day : daily->value.GetArray())
            if (auto date = day.IsObject() ? parse_date(text_member(day, "date")) : std::nullopt)
                days[date->day] = parse_iso_duration(text_member(day, "tracked"));
    }
    return summary;
}

// For one thing or for the other, the exact ones before the near ones.
struct Votes {
    std::size_t exact[2] = {};
    std::size_t near[2] = {};

    void add(Fit one, Fit other)
    {
        if (one == other)
            return;
        bool is_other = other > one;
        if (std::max(one, other) == Fit::exact)
            ++exact[is_other];
        else
            ++near[is_other];
    }
    const std::size_t* counting() const { return exact[0] + exact[1] > 0 ? exact : near; }
    std::size_t one() const { return counting()[0]; }
    std::size_t other() const { return counting()[1]; }
    std::optional<bool> holds() const
    {
        return one() + other() == 0 ? std::nullopt : std::optional(other() == 0);
    }
};

class SummaryProbe
{
  public:
    explicit SummaryProbe(ProbeAccount& account) : account_(account)
    {
        for (const ProbeHourEntry& entry : account.hour_entries())
            if (!entry.is_archived)
                typed_in_[{entry.person, entry.date.day}] += entry.duration;
        Window window = account.close_window();
        for (const Guid& person : account.closely_read()) {
            summaries_.push_back(ask_summary(account, window, {person}));
            if (!summaries_.back().answer.has_rows()) {
                why_not_ = "TimesheetsSummary " + summaries_.back().answer.why;
                break;
            }
        }
        if (account.closely_read().empty())
            why_not_ = account.why_nobody();
    }

    Finding midnight();
    Finding envelope();
    Finding hour_entries();
    Finding several_people();

  private:
    struct TypedInDay {
        Guid person;
        Date date;
        milliseconds duration;
    };

    void vote_on_midnights(const Guid& person, const Summary& summary, Votes& votes,
                           std::size_t& nights) const;
    std::vector<TypedInDay> longest_typed_in() const;
    // Returns why the day decides nothing; "" if it voted.
    std::string vote_on_hour_entries(const TypedInDay& day, Votes& votes);

    ProbeAccount& account_;
    std::vector<Summary> summaries_; // of closely_read(), as far as they came
    std::string why_not_;
    std::map<std::pair<Guid, long>, milliseconds> typed_in_;
};

Finding SummaryProbe::envelope()
{
    Finding finding{
        "summary_envelope",
        "Jibble's own totals (TimesheetsSummary) come in an object, {\"value\": [...]}",
        why_not_,
        std::nullopt,
        false,
        "Your hours do not come from these totals. The audit, which compares hours with "
        "them, reads a bare array as well."};
    if (summaries_.empty() || !summaries_.front().answer.has_rows())
        return finding;
    finding.holds = !summaries_.front().answer.is_bare_array;
    finding.seen = *finding.holds ? "they came in an object" : "they came as a bare array";
    return finding;
}

void SummaryProbe::vote_on_midnights(const Guid& person, const Summary& summary, Votes& votes,
                                     std::size_t& nights) const
{
    ProbeDays days(account_.entries().live(person));
    Window window = account_.close_window();
    for (Date date : days.days()) {
        Date next = date + 1;
        if (!(window.since < date && next < window.until) || !days.crosses_midnight(date) ||
            !days.is_certain(date - 1) || !days.is_certain(date) || !days.is_certain(next) ||
            typed_in_.count({person, date.day}) || typed_in_.count({person, next.day}))
            continue;
        auto first = summary.tracked(person, date);
        auto second = summary.tracked(person, next);
        if (!first || !second)
            continue;
        ++nights;
        votes.add(std::min(fit(*first, days.whole(date)), fit(*second, days.whole(next))),
                  std::min(fit(*first, days.split(date)), fit(*second, days.split(next))));
    }
}

Finding SummaryProbe::midnight()
{
    Finding finding{
        "summary_midnight",
        "Jibble's own totals count work across midnight on the day on which it began",
        why_not_,
        std::nullopt,
        false,
        "Your hours do not come from these totals: a session counts on the workday of its "
        "clock-in. The audit takes two days whose differences cancel across midnight for "
        "one line and for no difference."};
    if (!why_not_.empty())
        return finding;
    Votes votes;
    std::size_t nights = 0;
    for (std::size_t i = 0; i < summaries_.size(); ++i)
        vote_on_midnights(account_.closely_read()[i], summaries_[i], votes, nights);
    finding.holds = votes.holds();
    if (nights == 0)
        finding.seen =
            "no complete work across local midnight, with a total that can be read, in the "
            "days that were looked at";
    else if (finding.holds)
        finding.seen = fmt::format(
            "of {} across midnight, {} counted on the first day and {} cut at "
            "midnight",
            counted(nights, "stretch of work", "stretches of work"), votes.one(), votes.other());
    else
        finding.seen =
            fmt::format("{} across midnight, but Jibble's totals fit neither way of counting",
                        counted(nights, "stretch of work", "stretches of work"));
    return finding;
}

std::vector<SummaryProbe::TypedInDay> SummaryProbe::longest_typed_in() const
{
    std::vector<TypedInDay> days;
    Date today = utc_date(std::chrono::system_clock::now());
    for (const auto& [key, duration] : typed_in_)
        if (Date date{key.second}; date < today - 1 && duration >= std::chrono::minutes(5))
            days.push_back({key.first, date, duration});
    std::sort(days.begin(), days.end(),
              [](const TypedInDay& a, const TypedInDay& b) { return a.duration > b.duration; });
    return days;
}

std::string SummaryProbe::vote_on_hour_entries(const TypedInDay& day, Votes& votes)
{
    ProbeEntries entries;
    if (std::string why = account_.read_person(day.person, {day.date - 1, day.date + 1}, entries);
        !why.empty())
        return why;
    Summary summary = ask_summary(account_, {day.date, day.date}, {day.person});
    if (!summary.answer.has_rows())
        return "TimesheetsSummary " + summary.answer.why;
    auto tracked = summary.tracked(day.person, day.date);
    if (!tracked) // A person with nothing on that day is not shown.
        tracked = summary.people.empty() ? std::optional(milliseconds{}) : std::nullopt;
    ProbeDays days(entries.live(day.person));
    if (!tracked || !days.is_certain(day.date) || !days.is_certain(day.date - 1))
        return "the days with hours typed in have other hours that are uncertain";
    // Whichever way midnight is counted. Deductions look like short durations: a near fit is one.
    auto best = [&](milliseconds more) {
        auto with = [&](DaySums sums) {
            sums.work += more;
            return fit(*tracked, sums);
        };
        return std::max(with(days.whole(day.date)), with(days.split(day.date)));
    };
    Fit holds_them = best(day.duration);
    Fit leaves_them_out = best({});
    if ((holds_them == Fit::none) == (leaves_them_out == Fit::none))
        return "Jibble's totals fit neither way of counting";
    votes.add(holds_them, leaves_them_out);
    return "";
}

Finding SummaryProbe::hour_entries()
{
    Finding finding{
        "tracked_hour_entries",
        "Jibble's own tracked time holds hours that were typed in as a duration",
        "",
        std::nullopt,
        false,
        "Your hours hold them in any case, as manual hours. The audit takes a day as equal "
        "with them or without."};
    if (!account_.why_no_hour_entries().empty()) {
        finding.seen = account_.why_no_hour_entries();
        return finding;
    }
    Votes votes;
    std::string why = "no day with hours typed in that is over";
    std::size_t asked = 0;
    for (const TypedInDay& day : longest_typed_in()) {
        if (asked++ == max_asked_days)
            break;
        if (std::string uncertain = vote_on_hour_entries(day, votes); !uncertain.empty())
            why = uncertain;
    }
    finding.holds = votes.holds();
    finding.seen = finding.holds
                       ? fmt::format("of {} with hours typed in, {} with them and {} without",
                                     counted(votes.one() + votes.other(), "day", "days"),
                                     votes.one(), votes.other())
                       : why;
    return finding;
}

Finding SummaryProbe::several_people()
{
    Finding finding{"person_ids_repeated",
                    "Jibble's own totals of several people can be asked for at once (personIds "
                    "repeated)",
                    why_not_,
                    std::nullopt,
                    false,
                    "Your hours do not come from these totals. The audit asks for twenty people at "
                    "once, and for each alone where that is refused, which takes longer."};
    if (!why_not_.empty())
        return finding;
    std::vector<Guid> people;
    for (std::size_t i = 0; i < summaries_.size() && people.size() < 2; ++i)
        if (Guid person = account_.closely_read()[i]; summaries_[i].people.count(person))
            people.push_back(person);
    if (people.size() < 2) {
        finding.seen = "fewer than two people with totals";
        return finding;
    }
    Summary both = ask_summary(account_, account_.close_window(), people);
    if (both.answer.has_rows())
        finding.holds = both.people.count(people[0]) && both.people.count(people[1]);
    else if (both.answer.is_refused())
        finding.holds = false;
    finding.seen = !both.answer.has_rows() ? "two people at once " + both.answer.why
                   : *finding.holds        ? "two people at once: both came"
                                           : "two people at once: one was left out";
    return finding;
}

} // namespace

Findings probe_summaries(ProbeAccount& account)
{
    SummaryProbe probe(account);
    Finding midnight = probe.midnight();
    Finding envelope = probe.envelope();
    Finding several = probe.several_people();
    return {std::move(midnight), std::move(envelope), probe.hour_entries(), std::move(several)};
}

} // namespace timesheetd
