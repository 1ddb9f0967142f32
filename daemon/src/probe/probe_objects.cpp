#include "probe/probe_objects.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

enum class Shown { listed, not_listed, unknown };

struct ArchivedKind {
    const char* name; // in a sentence: "archived groups"
    const char* resource;
    JibbleHost host;
    std::string archived_filter;
    const ProbeList* list; // null for entries, which are never read whole
    std::set<Guid> referred_to;
};

struct Seen {
    Shown shown;
    std::string text;
};

bool has_id(const ProbeAnswer& answer, const Guid& id)
{
    auto rows = answer.rows();
    return std::any_of(rows.begin(), rows.end(),
                       [&](const rapidjson::Value& row) { return guid_member(row, "id") == id; });
}

ProbeAnswer ask_by_id(ProbeAccount& account, JibbleHost host, const char* resource, const Guid& id,
                      const std::string& more = "")
{
    return account.jibble().get(
        host, resource,
        query_string(
            {{"$top", "1"}, {"$select", "id"}, {"$filter", "id eq " + to_text(id) + more}}),
        more.empty() ? "one by its id" : "one by its id and date");
}

// Whether the plain list of that person's day shows an archived entry as well.
Seen look_in_day(ProbeAccount& account, const ArchivedKind& kind, const ProbeEntry& entry)
{
    ProbeEntries day;
    if (std::string why = account.read_person(entry.person, {entry.date, entry.date}, day);
        !why.empty())
        return {Shown::unknown, fmt::format("{}: {}", kind.name, why)};
    const std::vector<ProbeEntry>& entries = day.of(entry.person);
    bool is_listed = std::any_of(entries.begin(), entries.end(),
                                 [&](const ProbeEntry& other) { return other.id == entry.id; });
    if (is_listed)
        return {Shown::listed, fmt::format("{} are listed", kind.name)};
    return {Shown::not_listed,
            fmt::format("{} are not listed unless asked for by status", kind.name)};
}

Seen look_by_status(ProbeAccount& account, const ArchivedKind& kind)
{
    ProbeAnswer answer = account.jibble().get(
        kind.host, kind.resource,
        query_string({{"$top", "1"},
                      {"$select", kind.list ? "id,status" : probe_entry_members},
                      {"$filter", kind.archived_filter}}),
        "archived ones alone");
    if (answer.size() > 0 && !kind.list) {
        if (auto entry = parse_probe_entry(answer.rows()[0]); entry && entry->is_archived)
            return look_in_day(account, kind, *entry);
    } else if (answer.size() > 0 && kind.list->is_complete) {
        auto id = guid_member(answer.rows()[0], "id");
        std::string status = text_member(answer.rows()[0], "status");
        if (id && (status == "Archived" || status == "Removed") && kind.list->ids.count(*id) == 0)
            return {Shown::not_listed,
                    fmt::format("{} are not listed unless asked for by status", kind.name)};
    }
    return {Shown::unknown, fmt::format("no {} seen", kind.name)};
}

Seen look_for_archived(ProbeAccount& account, const ArchivedKind& kind, std::size_t archived_seen)
{
    if (archived_seen > 0)
        return {Shown::listed, fmt::format("{} are listed ({})", kind.name, archived_seen)};
    if (kind.list && !kind.list->why_not.empty())
        return {Shown::unknown, fmt::format("{}: {}", kind.name, kind.list->why_not)};
    // What others refer to exists, or existed.
    if (kind.list && kind.list->is_complete)
        for (const Guid& id : kind.referred_to) {
            if (kind.list->ids.count(id))
                continue;
            ProbeAnswer answer = ask_by_id(account, kind.host, kind.resource, id);
            if (answer.has_rows())
                return {Shown::not_listed,
                        has_id(answer, id)
                            ? fmt::format("{} are not listed, but found by id", kind.name)
                            : fmt::format("one of {} is referred to, but neither listed nor found "
                                          "by id",
                                          kind.resource)};
            return {Shown::unknown,
                    fmt::format("one of {} that is not listed {}", kind.resource, answer.why)};
        }
    return look_by_status(account, kind);
}

} // namespace

Finding probe_archived_listed(ProbeAccount& account, const ProbeList& people,
                              const ProbeList& groups, const ProbeList& activities)
{
    Finding finding{
        "archived_listed",
        "lists show archived groups, activities and entries, and removed people, too",
        "",
        std::nullopt,
        true,
        "What a list does not show is asked for by id before it is taken for archived or "
        "deleted, and only after an object that exists was found in the same way; what "
        "entries refer to is asked for by id, so that names and hours survive."};
    std::size_t archived_entries = 0;
    std::set<Guid> entry_people;
    std::set<Guid> entry_activities;
    auto note = [&](const auto& entry) {
        archived_entries += entry.is_archived;
        entry_people.insert(entry.person);
        if (entry.activity)
            entry_activities.insert(*entry.activity);
    };
    for (const Guid& person : account.entries().people())
        for (const ProbeEntry& entry : account.entries().of(person))
            note(entry);
    for (const ProbeHourEntry& entry : account.hour_entries())
        note(entry);
    const std::string archived = "status eq 'Archived'";
    const ArchivedKind kinds[] = {
        {"removed people", "People", JibbleHost::workspace, "status eq 'Removed'", &people,
         std::move(entry_people)},
        {"archived groups", "Groups", JibbleHost::workspace, archived, &groups, people.groups},
        {"archived activities", "Activities", JibbleHost::workspace, archived, &activities,
         std::move(entry_activities)},
        {"archived entries",
         "TimeEntries",
         JibbleHost::time_tracking,
         account.in_window() + " and " + archived,
         nullptr,
         {}}};
    bool any_hidden = false;
    bool any_unseen = false;
    for (const ArchivedKind& kind : kinds) {
        Seen seen = kind.list || account.why_no_entries().empty()
                        ? look_for_archived(account, kind,
                                            kind.list ? kind.list->archived : archived_entries)
                        : Seen{Shown::unknown, "archived entries: " + account.why_no_entries()};
        any_hidden |= seen.shown == Shown::not_listed;
        // Hardly an account has archived groups.
        any_unseen |= seen.shown == Shown::unknown && kind.list != &groups;
        append_item(finding.seen, seen.text);
    }
    if (any_hidden || !any_unseen)
        finding.holds = !any_hidden;
    return finding;
}

Finding probe_id_without_date(ProbeAccount& account)
{
    Finding finding{
        "id_without_date",
        "an entry is found by its id alone, without a date in the filter",
        "",
        std::nullopt,
        true,
        "An empty answer counts only after the same form of query has found an entry that "
        "is known to exist; where none does, nothing is deleted and the run says so. An entry "
        "that is deleted in Jibble is never lost from sight, and none is deleted by "
        "mistake."};
    struct Known {
        const char* resource;
        const char* date_member;
        Guid id;
        Date date;
    };
    std::vector<Known> known;
    for (const Guid& person : account.entries().people())
        if (std::vector<ProbeEntry> live = account.entries().live(person);
            known.empty() && !live.empty())
            known.push_back({"TimeEntries", "belongsToDate", live.back().id, live.back().date});
    for (const ProbeHourEntry& entry : account.hour_entries())
        if (!entry.is_archived) {
            known.push_back({"HourEntries", "date", entry.id, entry.date});
            break;
        }
    Verdict verdict;
    for (const Known& entry : known) {
        ProbeAnswer answer =
            ask_by_id(account, JibbleHost::time_tracking, entry.resource, entry.id);
        bool is_found = answer.has_rows() && has_id(answer, entry.id);
        std::string text = entry.resource;
        if (!answer.has_rows())
            text += " by id alone " + answer.why;
        else
            text += is_found ? ": found by id alone"
                             : ": an entry that exists is not found by id alone";
        if (is_found)
            verdict.held();
        if (!is_found && (answer.has_rows() || answer.is_refused())) {
            verdict.failed();
            ProbeAnswer dated =
                ask_by_id(account, JibbleHost::time_tracking, entry.resource, entry.id,
                          fmt::format(" and {} eq {}", entry.date_member, to_text(entry.date)));
            text += !dated.has_rows()         ? "; with its date it " + dated.why
                    : has_id(dated, entry.id) ? ", but with its date"
                                              : ", nor with its date";
        }
        append_item(finding.seen, text);
    }
    if (known.empty())
        finding.seen = !account.why_no_entries().empty() ? account.why_no_entries()
                                                         : "no entry that is not archived was seen";
    finding.holds = verdict.holds();
    return finding;
}

} // namespace timesheetd
