#include "probe/probe.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "probe/probe_breaks.hpp"
#include "probe/probe_lists.hpp"
#include "probe/probe_objects.hpp"
#include "probe/probe_report.hpp"
#include "probe/probe_summary.hpp"
#include "process/failure.hpp"
#include "process/standard_streams.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

constexpr long usual_days = 14;

// First what hours depend on, last what only the audit does: 60 requests suffice for an account
// that answers, but one that must be asked twice may use them up.
Findings find(ProbeClient& jibble)
{
    ProbeAccount account(jibble);
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
    ProbeList activities = account.read_list(JibbleHost::workspace, "Activities", "id,status");
    Finding archived = probe_archived_listed(account, people, groups, activities);
    Findings summaries = probe_summaries(account);

    Findings findings{order, slash_keys, count, page_cap, archived, by_id, after_break};
    findings.insert(findings.end(), summaries.begin(), summaries.end());
    findings.push_back(end_break);
    return findings;
}

// Without any of these there are no hours, whatever else holds. What was refused may have been the
// form alone, so it is asked for once more with as little as possible.
std::string why_no_hours(ProbeClient& jibble)
{
    struct Needed {
        JibbleHost host;
        const char* resource;
        const char* date_member; // null: a list without a window
    };
    constexpr Needed all[] = {{JibbleHost::time_tracking, "TimeEntries", "belongsToDate"},
                              {JibbleHost::time_tracking, "HourEntries", "date"},
                              {JibbleHost::workspace, "People", nullptr},
                              {JibbleHost::workspace, "Groups", nullptr},
                              {JibbleHost::workspace, "Activities", nullptr}};
    std::string whys;
    for (const Needed& needed : all) {
        if (!jibble.why_never_read(needed.host, needed.resource))
            continue;
        QueryOptions options{{"$top", "1"}, {"$select", "id"}};
        if (needed.date_member)
            options.emplace_back("$filter",
                                 ProbeAccount::dates(needed.date_member, last_days(usual_days)));
        jibble.get(needed.host, needed.resource, query_string(options), "anything at all");
        if (auto why = jibble.why_never_read(needed.host, needed.resource))
            append_item(whys, *why);
    }
    return whys;
}

} // namespace

void probe(const Configuration& configuration, ProbeFormat format)
{
    ProbeClient jibble(configuration);
    Findings findings = find(jibble);
    std::string why_no_hours = jibble.was_answered() ? timesheetd::why_no_hours(jibble) : "";
    spdlog::info("asked Jibble {} times", jibble.requests());
    bool is_json = format == ProbeFormat::json;
    print_output(is_json ? findings_as_json(findings)
                         : findings_as_text(findings, jibble.requests(), jibble.was_answered(),
                                            why_no_hours));
    finish_output();
    if (!jibble.was_answered())
        throw Failure(jibble.trouble().empty()
                          ? "Jibble answered nothing that was asked; check the credentials' rights "
                            "and the JIBBLE_…_URL variables"
                          : jibble.trouble());
    if (!why_no_hours.empty())
        throw Failure(fmt::format("there would be no hours: {}; check the rights of the API "
                                  "credentials, the network and the JIBBLE_…_URL variables",
                                  why_no_hours));
    if (std::string broken = without_exact_way(findings); !broken.empty())
        throw Failure(
            fmt::format("hours would not be exact: {}; see what follows from it above", broken));
}

} // namespace timesheetd
