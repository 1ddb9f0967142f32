#include "probe/probe_account.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

constexpr long usual_days = 14;
// How far back entries are looked for where the last days have none.
constexpr long more_days[] = {usual_days, 60, 400};
constexpr long hour_entry_days = 35;
constexpr std::size_t least_cap = 50; // a page with fewer rows is taken for the last one
constexpr long close_days = 11;       // of one person they fit into two small pages
constexpr std::size_t max_people = 5;
constexpr int max_list_pages = 4;
constexpr int max_person_pages = 3;
constexpr int max_hour_entry_pages = 2;

} // namespace

std::string query_string(const QueryOptions& options)
{
    std::string query;
    for (const auto& [name, value] : options)
        query += (query.empty() ? "" : "&") + std::string(name) + "=" + percent_encoded(value);
    return query;
}

std::string counted(std::size_t number, const char* one, const char* many)
{
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string ProbeAccount::dates(const char* member, Window window)
{
    return fmt::format("{} ge {} and {} le {}", member, to_text(window.since), member,
                       to_text(window.until));
}

void ProbeAccount::read_recent_entries()
{
    for (long days : more_days) {
        window_ = last_days(days);
        ProbeAnswer answer = jibble_.get(JibbleHost::time_tracking, "TimeEntries",
                                         query_string({{"$top", std::to_string(page_rows_)},
                                                       {"$orderby", "time asc"},
                                                       {"$select", probe_entry_members},
                                                       {"$filter", in_window()}}),
                                         "entries of the last days");
        if (!answer.has_rows()) {
            why_no_entries_ = "TimeEntries " + answer.why;
            return;
        }
        add_entries(answer);
        if (!entries_.empty())
            break;
        why_no_entries_ = answer.size() > 0 ? "no time entry has the form that is known"
                                            : fmt::format("no time entry in {} days", days);
    }
    if (entries_.empty())
        return;
    why_no_entries_.clear();
    if (window_.days() > usual_days + 2) {
        Date first = entries_.of(*entries_.people().begin()).front().date;
        for (const Guid& person : entries_.people())
            for (const ProbeEntry& entry : entries_.of(person))
                first = std::min(first, entry.date);
        window_ = {first, std::min(first + usual_days, window_.until)};
    }
}

Window ProbeAccount::close_window() const
{
    return {window_.since, std::min(window_.since + (close_days - 1), window_.until)};
}

void ProbeAccount::read_some_people()
{
    why_nobody_ = why_no_entries_;
    if (!why_no_entries_.empty())
        return;
    ProbeAnswer answer =
        jibble_.get(JibbleHost::time_tracking, "TimeEntries",
                    query_string({{"$top", std::to_string(page_rows_)},
                                  {"$orderby", "time asc"},
                                  {"$select", probe_entry_members},
                                  {"$filter", in_window() + " and type eq 'Out'"}}),
                    "clock-outs");
    // Apart from the others, between which they would leave gaps.
    ProbeEntries clock_outs;
    if (answer.has_rows())
        for (const rapidjson::Value& row : answer.rows())
            if (auto entry = parse_probe_entry(row))
                clock_outs.add(*entry);
    for (const Guid& person : night_workers_first(clock_outs)) {
        ProbeEntries all;
        if (std::string why = read_person(person, close_window(), all); !why.empty()) {
            why_nobody_ = why;
            continue;
        }
        for (const ProbeEntry& entry : all.of(person))
            entries_.add(entry);
        closely_read_.push_back(person);
    }
}

std::vector<Guid> ProbeAccount::night_workers_first(const ProbeEntries& clock_outs) const
{
    std::vector<std::pair<std::ptrdiff_t, Guid>> people;
    std::set<Guid> known = entries_.people();
    known.merge(clock_outs.people());
    auto mornings = [](const std::vector<ProbeEntry>& entries) {
        return std::count_if(entries.begin(), entries.end(), [](const ProbeEntry& entry) {
            auto local = (entry.time + entry.offset) % std::chrono::hours(24);
            return entry.kind == EntryKind::out && local > std::chrono::minutes(30) &&
                   local < std::chrono::hours(12);
        });
    };
    for (const Guid& person : known)
        people.emplace_back(mornings(clock_outs.of(person)) + mornings(entries_.live(person)),
                            person);
    std::sort(people.begin(), people.end(), std::greater<>());
    people.resize(std::min(people.size(), max_people));
    std::vector<Guid> first;
    for (const auto& [count, person] : people)
        first.push_back(person);
    return first;
}

void ProbeAccount::add_entries(const ProbeAnswer& answer)
{
    if (!answer.has_rows())
        return;
    for (const rapidjson::Value& row : answer.rows())
        if (auto entry = parse_probe_entry(row)) {
            std::size_t before = entries_.size();
            entries_.add(*entry);
            if (entry->kind == EntryKind::unknown && entries_.size() > before)
                ++unknown_types_;
        }
}

std::string ProbeAccount::read_person(const Guid& person, Window window, ProbeEntries& into)
{
    std::string filter =
        fmt::format("personId eq {} and {}", to_text(person), dates("belongsToDate", window));
    return read_pages(
        JibbleHost::time_tracking, "TimeEntries",
        {{"$orderby", "time asc"}, {"$select", probe_entry_members}, {"$filter", filter}},
        "one person's entries", max_person_pages, [&](const rapidjson::Value& row) {
            if (auto entry = parse_probe_entry(row); entry && entry->person == person)
                into.add(*entry);
        });
}

ProbeList ProbeAccount::read_list(JibbleHost host, const char* resource, const char* select)
{
    ProbeList list;
    std::string why = read_pages(host, resource, {{"$select", select}}, "the list", max_list_pages,
                                 [&](const rapidjson::Value& row) {
                                     auto id = guid_member(row, "id");
                                     if (!id || !list.ids.insert(*id).second)
                                         return;
                                     std::string status = text_member(row, "status");
                                     if (status == "Archived" || status == "Removed")
                                         ++list.archived;
                                     if (auto group = guid_member(row, "groupId"))
                                         list.groups.insert(*group);
                                 });
    list.is_complete = why.empty();
    if (list.ids.empty())
        list.why_not = why.empty() ? std::string(resource) + " shows none" : why;
    return list;
}

void ProbeAccount::read_hour_entries()
{
    Window window{std::min(window_.since, last_days(hour_entry_days).since), window_.until};
    std::string why = read_pages(
        JibbleHost::time_tracking, "HourEntries",
        {{"$select", probe_hour_entry_members}, {"$filter", dates("date", window)}},
        "hours typed in as a duration", max_hour_entry_pages, [&](const rapidjson::Value& row) {
            if (auto entry = parse_probe_hour_entry(row))
                hour_entries_.push_back(*entry);
        });
    if (hour_entries_.empty())
        why_no_hour_entries_ =
            why.empty() ? fmt::format("no hour entry in {} days", window.days() - 2) : why;
}

void ProbeAccount::cap_pages(std::size_t rows)
{
    page_rows_ = std::min(page_rows_, std::max<std::size_t>(rows, 1));
}

std::string ProbeAccount::read_pages(JibbleHost host, const char* resource, QueryOptions options,
                                     const char* label, int max_pages, const EachRow& each)
{
    std::size_t skip = 0;
    options.insert(options.begin(), {{"$top", std::to_string(page_rows_)}, {"$skip", "0"}});
    for (int page = 0; page < max_pages; ++page) {
        options[1].second = std::to_string(skip);
        ProbeAnswer answer = jibble_.get(host, resource, query_string(options), label);
        if (!answer.has_rows())
            return std::string(resource) + " " + answer.why;
        for (const rapidjson::Value& row : answer.rows())
            each(row);
        if (answer.size() < std::min(page_rows_, least_cap))
            return "";
        skip += answer.size();
    }
    return fmt::format("{} has more than the {} rows that were read", resource, skip);
}

} // namespace timesheetd
