#include "probe/probe_lists.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t largest_page = 1000;
constexpr std::size_t small_page = 100;
constexpr long long_window_days = 400;
// Fewer come in any order by chance.
constexpr std::size_t min_rows_to_see_an_order = 5;
constexpr const char* culture_zone = "ICultureSettings/TimeZone";
constexpr const char* sheet_zone = "ICalculationSettings/TimeSheetTimeZone";

std::vector<Guid> ids_of(const ProbeAnswer& answer)
{
    std::vector<Guid> ids;
    for (const rapidjson::Value& row : answer.rows())
        if (auto id = guid_member(row, "id"))
            ids.push_back(*id);
    return ids;
}

bool has_text(const rapidjson::Value& row, const char* name)
{
    return text_member(row, name).find_first_not_of(" \t\r\n") != std::string::npos;
}

Guid as_sql_server_sorts(const Guid& id)
{
    constexpr std::size_t order[] = {10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0};
    Guid key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = id[order[i]];
    return key;
}

ProbeAnswer page_of_entries(ProbeAccount& account, Window window, std::size_t top, std::size_t skip,
                            const char* members)
{
    return account.jibble().get(
        JibbleHost::time_tracking, "TimeEntries",
        query_string({{"$top", std::to_string(top)},
                      {"$skip", std::to_string(skip)},
                      {"$orderby", "time asc"},
                      {"$select", members},
                      {"$filter", ProbeAccount::dates("belongsToDate", window)}}),
        fmt::format("$top={}, $skip={}", top, skip).c_str());
}

// Two lists that are asked the same, each on a host of its own, where they can be asked at all.
struct AskedList {
    const char* name;
    JibbleHost host;
    const char* resource;
    std::string filter;
    std::string why_not;
};

std::vector<AskedList> asked_lists(const ProbeAccount& account, const ProbeList& people,
                                   bool may_be_empty)
{
    std::string why_no_entries = account.why_no_entries();
    if (may_be_empty && account.entries().empty() && why_no_entries.rfind("no ", 0) == 0)
        why_no_entries.clear();
    return {{"TimeEntries", JibbleHost::time_tracking, "TimeEntries", account.in_window(),
             why_no_entries},
            {"People", JibbleHost::workspace, "People", "", people.why_not}};
}

// Whether the window's entries say how many rows a page may have.
bool seek_page_cap(ProbeAccount& account, Window window, bool keeps_entries, std::size_t& max_rows,
                   Finding& finding)
{
    ProbeAnswer answer = page_of_entries(account, window, largest_page, 0,
                                         keeps_entries ? probe_entry_members : "id");
    if (answer.is_refused()) {
        // The same was answered with $top=100 when the entries were read.
        finding.holds = false;
        finding.seen =
            fmt::format("$top={} {}, $top={} is answered", largest_page, answer.why, small_page);
        return true;
    }
    if (!answer.has_rows()) {
        finding.seen = "TimeEntries " + answer.why;
        return true;
    }
    if (keeps_entries)
        account.add_entries(answer);
    max_rows = std::max(max_rows, answer.size());
    if (answer.size() >= largest_page) {
        finding.holds = true;
        finding.seen = fmt::format("{} rows came in one page", answer.size());
        return true;
    }
    ProbeAnswer next = page_of_entries(account, window, 1, answer.size(), "id");
    if (!next.has_rows()) {
        finding.seen = "what comes after a page " + next.why;
        return true;
    }
    if (next.size() == 0)
        return false;
    std::vector<Guid> shown = ids_of(answer);
    std::vector<Guid> more = ids_of(next);
    if (more.empty() || std::find(shown.begin(), shown.end(), more.front()) != shown.end()) {
        finding.seen = "the row after a page repeats one of that page";
        return true;
    }
    account.cap_pages(answer.size());
    finding.holds = false;
    finding.seen =
        fmt::format("no more than {} rows came in one page, though there are more", answer.size());
    return true;
}

template <class IsSo>
bool any_row(const ProbeAnswer& answer, IsSo&& is_so)
{
    auto rows = answer.rows();
    return std::any_of(rows.begin(), rows.end(),
                       [&](const rapidjson::Value& row) { return row.IsObject() && is_so(row); });
}

// A person without a zone of their own has a null there, or a text of blanks.
bool shows_any(const ProbeAnswer& answer, const char* one, const char* other)
{
    return answer.size() > 0 && any_row(answer, [&](const rapidjson::Value& row) {
               return has_text(row, one) || has_text(row, other);
           });
}

// Sets whether the workspace's people show their zones, and what was seen.
void see_slash_keys(ProbeAccount& account, const std::string& top, Finding& finding)
{
    ProbeAnswer answer = account.jibble().get(
        JibbleHost::workspace, "People",
        query_string(
            {{"$top", top}, {"$select", fmt::format("id,{},{}", culture_zone, sheet_zone)}}),
        "$select of keys with a slash");
    bool came = answer.size() > 0 && any_row(answer, [](const rapidjson::Value& row) {
                    return row.HasMember(culture_zone) || row.HasMember(sheet_zone);
                });
    if (answer.is_refused() || (answer.size() > 0 && !came))
        finding.holds = false;
    else if (came && shows_any(answer, culture_zone, sheet_zone))
        finding.holds = true;
    if (!answer.has_rows())
        finding.seen = "People with these keys " + answer.why;
    else if (answer.size() == 0)
        finding.seen = "People with these keys shows none";
    else if (!came)
        finding.seen = "People: the keys were silently left out";
    else
        finding.seen = finding.holds ? "People: the keys came"
                                     : "People: the keys came, but no person has a zone there";
}

} // namespace

bool rises_by_id(const std::vector<Guid>& ids)
{
    return std::is_sorted(ids.begin(), ids.end()) ||
           std::is_sorted(ids.begin(), ids.end(), [](const Guid& a, const Guid& b) {
               return as_sql_server_sorts(a) < as_sql_server_sorts(b);
           });
}

Finding probe_page_cap(ProbeAccount& account)
{
    Finding finding{
        "page_cap",
        "a page may have 1000 rows ($top=1000)",
        "",
        std::nullopt,
        true,
        "A page that is shorter than asked for is never taken for the last one: the daemon "
        "goes on until a page brings nothing new, and asks for 100 rows where 1000 are "
        "refused. No hours are lost."};
    if (!account.why_no_entries().empty()) {
        finding.seen = account.why_no_entries();
        return finding;
    }
    std::size_t max_rows = 0;
    if (seek_page_cap(account, account.window(), true, max_rows, finding) ||
        seek_page_cap(account, last_days(long_window_days), false, max_rows, finding))
        return finding;
    finding.seen = fmt::format("too few time entries to fill a page: {} in {} days", max_rows,
                               long_window_days);
    return finding;
}

Finding probe_order_by_id(ProbeAccount& account, const ProbeList& people)
{
    Finding finding{"order_by_id",
                    "lists can be sorted by id ($orderby=id asc)",
                    "",
                    std::nullopt,
                    true,
                    "Where it does not hold, the daemon sorts entries by time and other lists as "
                    "Jibble allows, and reads rows that compare equal so that none is lost between "
                    "two pages. No hours are lost."};
    Verdict verdict;
    for (const AskedList& list : asked_lists(account, people, false)) {
        if (!list.why_not.empty()) {
            append_item(finding.seen, fmt::format("{}: {}", list.name, list.why_not));
            continue;
        }
        QueryOptions options{{"$top", std::to_string(account.page_rows())},
                             {"$orderby", "id asc"},
                             {"$select", "id"}};
        if (!list.filter.empty())
            options.emplace_back("$filter", list.filter);
        ProbeAnswer answer = account.jibble().get(list.host, list.resource, query_string(options),
                                                  "$orderby=id asc");
        if (!answer.has_rows()) {
            if (answer.is_refused())
                verdict.failed();
            append_item(finding.seen, fmt::format("{} sorted by id {}", list.name, answer.why));
            continue;
        }
        std::vector<Guid> ids = ids_of(answer);
        std::string rows = counted(ids.size(), "row", "rows");
        if (ids.size() < min_rows_to_see_an_order) {
            append_item(finding.seen,
                        fmt::format("{}: too few to see an order, {}", list.name, rows));
        } else if (rises_by_id(ids)) {
            verdict.held();
            append_item(finding.seen, fmt::format("{}: {} came sorted by id", list.name, rows));
        } else {
            verdict.failed();
            append_item(finding.seen,
                        fmt::format("{}: {} came, but not sorted by id", list.name, rows));
        }
    }
    finding.holds = verdict.holds();
    return finding;
}

Finding probe_count(ProbeAccount& account, const ProbeList& people)
{
    Finding finding{
        "count",
        "a list says how many rows it has ($count=true)",
        "",
        std::nullopt,
        true,
        "Where it does not hold, the daemon asks without a count and reads until a page "
        "brings nothing new. No hours are lost."};
    Verdict verdict;
    for (const AskedList& list : asked_lists(account, people, true)) {
        if (!list.why_not.empty()) {
            append_item(finding.seen, fmt::format("{}: {}", list.name, list.why_not));
            continue;
        }
        QueryOptions options{{"$top", "1"}, {"$count", "true"}, {"$select", "id"}};
        if (!list.filter.empty())
            options.emplace_back("$filter", list.filter);
        ProbeAnswer answer =
            account.jibble().get(list.host, list.resource, query_string(options), "$count=true");
        if (!answer.has_rows()) {
            if (answer.is_refused())
                verdict.failed();
            append_item(finding.seen, fmt::format("{} with a count {}", list.name, answer.why));
            continue;
        }
        // Only entries have a filter. What was read of them is fewer than there are.
        std::size_t least =
            list.filter.empty() ? people.ids.size() : std::min<std::size_t>(answer.size(), 1);
        if (!answer.count) {
            verdict.failed();
            append_item(finding.seen, fmt::format("{}: no count came", list.name));
        } else if (*answer.count < least) {
            verdict.failed();
            append_item(finding.seen, fmt::format("{}: the count says {}, but at least {} came",
                                                  list.name, *answer.count, least));
        } else {
            verdict.held();
            append_item(finding.seen, fmt::format("{}: {} counted", list.name, *answer.count));
        }
    }
    finding.holds = verdict.holds();
    return finding;
}

Finding probe_select_slash_keys(ProbeAccount& account, const ProbeList& people)
{
    Finding finding{"select_slash_keys",
                    "people of the workspace show their time zones when asked for them by name "
                    "($select of keys with a slash)",
                    "",
                    std::nullopt,
                    true,
                    ""};
    std::string top = std::to_string(account.page_rows());
    if (people.why_not.empty())
        see_slash_keys(account, top, finding);
    else
        finding.seen = people.why_not;

    ProbeAnswer tracked = account.jibble().get(
        JibbleHost::time_tracking, "People",
        query_string({{"$top", top}, {"$select", "id,timeZone,timeSheetTimeZone"}}),
        "$select of time zones");
    bool are_tracked = shows_any(tracked, "timeZone", "timeSheetTimeZone");
    append_item(finding.seen, !tracked.has_rows()
                                  ? "time-tracking People with time zones " + tracked.why
                              : tracked.size() == 0 ? "time-tracking People shows none"
                              : are_tracked         ? "time-tracking People shows time zones"
                                                    : "time-tracking People shows no time zones");
    if (are_tracked) {
        finding.follows =
            "The daemon takes time zones from time-tracking People, so hours are exact "
            "either way.";
    } else if (finding.holds == true) {
        finding.follows =
            "The daemon takes time zones from the workspace's People, so hours are exact.";
    } else if (finding.holds == false) {
        finding.has_second_way = false;
        finding.follows =
            "No list shows time zones, so every agent gets the organisation's. Where an "
            "agent works in another one, a missing clock-out ends at the wrong midnight: "
            "say the zone with timesheet.set_working_time().";
    } else {
        finding.has_second_way = false;
        finding.follows = "Unknown until Jibble shows a person with a time zone.";
    }
    return finding;
}

} // namespace timesheetd
