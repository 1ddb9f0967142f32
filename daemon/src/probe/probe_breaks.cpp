#include "probe/probe_breaks.hpp"

#include <fmt/format.h>

namespace timesheetd
{

namespace
{

// Longer ones are taken for a forgotten end (settings.overnight_switch).
constexpr std::chrono::hours max_break{6};
// Some people choose to start without an activity: a small share proves nothing about Jibble.
constexpr std::size_t one_in = 4;

// The entries that end breaks, each with the work before the break.
struct BreakEnds {
    std::size_t same = 0;  // an In with the activity from before the break
    std::size_t other = 0; // an In with another one
    std::size_t none = 0;  // an In without one
    std::size_t by_in = 0; // also where the work before the break has no activity
    std::size_t by_end_break = 0;
    std::size_t breaks = 0;
};

//   In(A)  StartBreak  StartBreak  In(?)
//   work   -------- breaks ------- end
void count_break_ends(const std::vector<ProbeEntry>& entries, BreakEnds& ends)
{
    const ProbeEntry* work = nullptr; // the last one that a break may have ended
    const ProbeEntry* pause = nullptr;
    for (const ProbeEntry& entry : entries) {
        bool ends_break = pause && entry.time - pause->time <= max_break;
        if (entry.kind == EntryKind::end_break && ends_break)
            ++ends.by_end_break;
        if (entry.kind == EntryKind::in && ends_break) {
            ++ends.by_in;
            if (work && work->activity && work->date == entry.date) {
                if (!entry.activity)
                    ++ends.none;
                else
                    ++(*entry.activity == *work->activity ? ends.same : ends.other);
            }
        }
        ends.breaks += entry.kind == EntryKind::start_break;
        pause = entry.kind == EntryKind::start_break ? &entry : nullptr;
        if (entry.kind == EntryKind::in)
            work = &entry;
        else if (entry.kind != EntryKind::start_break)
            work = nullptr;
    }
}

BreakEnds count_break_ends(const ProbeEntries& entries)
{
    BreakEnds ends;
    for (const Guid& person : entries.people())
        count_break_ends(entries.live(person), ends);
    return ends;
}

} // namespace

Finding probe_activity_after_break(const ProbeAccount& account)
{
    Finding finding{"activity_after_break",
                    "the entry that ends a break names the activity that goes on",
                    "",
                    std::nullopt,
                    true,
                    ""};
    BreakEnds ends = count_break_ends(account.entries());
    std::size_t all = ends.same + ends.other + ends.none;
    if (!account.why_no_entries().empty())
        finding.seen = account.why_no_entries();
    else if (all == 0)
        finding.seen = "no break between work with an activity and an In that ends it";
    else if (ends.none > 0 || ends.same > 0)
        finding.seen =
            fmt::format("of {} that end a break after work with an activity, {} name the same, {} "
                        "another and {} none",
                        counted(all, "entry", "entries"), ends.same, ends.other, ends.none);
    else
        finding.seen = fmt::format("{} that end a break all name another activity than before it; "
                                   "whether people chose it could not be determined",
                                   counted(all, "entry", "entries"));
    if (ends.same > 0 || ends.none > 0)
        finding.holds = ends.none * one_in <= ends.same;
    finding.follows =
        finding.holds == true
            ? "Hours after a break count for the activity that Jibble names. Where an entry names "
              "none "
              "they show as \"(no activity)\", unless activity_after_break is carried_on."
        : finding.holds == false
            ? "Hours after such a break show as \"(no activity)\", as Jibble sends them. Where "
              "people "
              "go on with what they did before, set activity_after_break to carried_on "
              "(UPDATE timesheet.settings SET activity_after_break = 'carried_on'), and they count "
              "for it exactly. Totals are the same either way."
            : "Unknown until a break is seen. If Jibble names none, the setting "
              "activity_after_break "
              "= carried_on gives the hours after a break to the activity before it, exactly.";
    return finding;
}

Finding probe_end_break_type(ProbeAccount& account)
{
    Finding finding{"end_break_type",
                    "a break ends with an entry of type In",
                    "",
                    std::nullopt,
                    true,
                    "",
                    false};
    BreakEnds ends = count_break_ends(account.entries());
    std::size_t end_breaks = ends.by_end_break;
    if (account.why_no_entries().empty()) {
        ProbeAnswer answer = account.jibble().get(
            JibbleHost::time_tracking, "TimeEntries",
            query_string({{"$top", "1"},
                          {"$select", "id,type"},
                          {"$filter", account.in_window() + " and type eq 'EndBreak'"}}),
            "entries of type EndBreak");
        if (answer.has_rows())
            for (const rapidjson::Value& row : answer.rows())
                if (row.IsObject() && text_member(row, "type") == "EndBreak" && end_breaks == 0)
                    end_breaks = 1;
    }
    if (!account.why_no_entries().empty())
        finding.seen = account.why_no_entries();
    else if (end_breaks > 0)
        finding.seen =
            fmt::format("breaks end with entries of type EndBreak (at least {}); with In: {}",
                        end_breaks, ends.by_in);
    else if (ends.by_in > 0)
        finding.seen = fmt::format("{} ended with an In, none with an EndBreak",
                                   counted(ends.by_in, "break", "breaks"));
    else
        finding.seen = ends.breaks == 0 ? "no break" : "no break that has an end";
    if (account.unknown_types() > 0)
        finding.seen += fmt::format("; {} of a type that is not known",
                                    counted(account.unknown_types(), "entry", "entries"));
    if (end_breaks > 0)
        finding.holds = false;
    else if (ends.by_in > 0)
        finding.holds = true;
    finding.follows =
        finding.holds == true ? "Work after a break is counted from the In that ends it."
        : finding.holds == false
            ? "The daemon stores entries of type EndBreak, does not count them and notes each: "
              "work "
              "after a break would be missing from the hours. Do not rely on them; send us this "
              "table."
            : "Unknown until a break is seen. An entry of another type is stored, not counted, and "
              "noted.";
    return finding;
}

} // namespace timesheetd
