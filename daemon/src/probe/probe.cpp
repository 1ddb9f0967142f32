#include "probe/probe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "probe/probe_breaks.hpp"
#include "probe/probe_lists.hpp"
#include "probe/probe_objects.hpp"
#include "probe/probe_report.hpp"
#include "probe/probe_summary.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/standard_streams.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

constexpr long usual_days = 14;

// What the daemon reads. What was refused may have been the form alone, so it is asked for once
// more with as little as possible.
struct NeededList {
    JibbleHost host;
    const char* resource;
    const char* date_member; // null: a list without a window
};
constexpr const char* organizations = "Organizations"; // whose zone alone is needed
constexpr NeededList needed_lists[] = {{JibbleHost::time_tracking, "TimeEntries", "belongsToDate"},
                                       {JibbleHost::time_tracking, "HourEntries", "date"},
                                       {JibbleHost::workspace, "People", nullptr},
                                       {JibbleHost::workspace, "Groups", nullptr},
                                       {JibbleHost::workspace, "Activities", nullptr},
                                       {JibbleHost::workspace, organizations, nullptr}};

// First what hours depend on, last what only the audit does: 60 requests suffice for an account
// that answers, but one that must be asked twice may use them up.
Findings find(ProbeClient& jibble)
{
    ProbeAccount account(jibble);
    for (const NeededList& needed : needed_lists)
        jibble.reserve_question(needed.host, needed.resource);
    account.read_recent_entries();
    Finding page_cap = probe_page_cap(account);
    ProbeList people = account.read_list(JibbleHost::workspace, "People", "id,status,groupId");
    Finding slash_keys = probe_select_slash_keys(account, people);
    Finding order = probe_order_by_id(account, people);
    Finding count = probe_count(account, people);
    account.read_some_people();
    Finding after_break = probe_activity_after_break(account);
    Finding end_break = probe_end_break_type(account);
    account.read_hour_entries();
    Finding by_id = probe_id_without_date(account);
    ProbeList groups = account.read_list(JibbleHost::workspace, "Groups", "id,status");
    account.read_list(JibbleHost::workspace, organizations, "id");
    ProbeList activities = account.read_list(JibbleHost::workspace, "Activities", "id,status");
    Finding archived = probe_archived_listed(account, people, groups, activities);
    Findings summaries = probe_summaries(account);

    Findings findings{order, slash_keys, count, page_cap, archived, by_id, after_break};
    findings.insert(findings.end(), summaries.begin(), summaries.end());
    findings.push_back(end_break);
    return findings;
}

UnreadLists unread_lists(ProbeClient& jibble)
{
    jibble.use_reserve();
    UnreadLists unread;
    for (const NeededList& needed : needed_lists) {
        if (jibble.was_read(needed.host, needed.resource))
            continue;
        std::optional<std::string> why = jibble.why_never_read(needed.host, needed.resource);
        QueryOptions options{{"$top", "1"}, {"$select", "id"}};
        if (needed.date_member)
            options.emplace_back("$filter",
                                 ProbeAccount::dates(needed.date_member, last_days(usual_days)));
        ProbeAnswer answer =
            jibble.get(needed.host, needed.resource, query_string(options), "anything at all");
        if (answer.has_rows())
            continue;
        std::string& whys = answer.kind == ProbeAnswer::Kind::not_asked ? unread.undetermined
                            : needed.resource == organizations          ? unread.no_zone
                                                                        : unread.no_hours;
        if (!why)
            why = fmt::format("{} {}", needed.resource, answer.why);
        whys += (whys.empty() ? "" : "; ") + *why;
    }
    return unread;
}

} // namespace

void probe(const Configuration& configuration, ProbeFormat format)
{
    ProbeClient jibble(configuration);
    Findings findings = find(jibble);
    UnreadLists unread = jibble.was_answered() ? unread_lists(jibble) : UnreadLists{};
    log::info("asked Jibble {} times", jibble.requests());
    bool is_json = format == ProbeFormat::json;
    print_output(
        is_json ? findings_as_json(findings)
                : findings_as_text(findings, jibble.requests(), jibble.was_answered(), unread));
    finish_output();
    if (!jibble.was_answered())
        throw Failure(jibble.trouble().empty()
                          ? "Jibble answered nothing that was asked; check the credentials' rights "
                            "and the JIBBLE_…_URL variables"
                          : jibble.trouble());
    constexpr const char* remedy = "check the rights of the API credentials, the network and the "
                                   "JIBBLE_…_URL variables";
    if (!unread.no_hours.empty())
        throw Failure(fmt::format("there would be no hours: {}; {}", unread.no_hours, remedy));
    if (std::string broken = without_exact_way(findings); !broken.empty())
        throw Failure(
            fmt::format("hours would not be exact: {}; see what follows from it above", broken));
    if (!unread.no_zone.empty())
        throw Failure(
            fmt::format("hours would not be exact for people without a time zone of their "
                        "own: {}; {}",
                        unread.no_zone, remedy));
}

} // namespace timesheetd
