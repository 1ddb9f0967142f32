// Time and hour entries as `probe` looks at them: the members that it needs and no other.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "jibble/calendar.hpp"
#include "text/guid.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

// Of $select.
constexpr const char* probe_entry_members =
    "id,personId,type,time,offset,belongsToDate,activityId,status";
constexpr const char* probe_hour_entry_members = "id,personId,activityId,date,duration,status";

enum class EntryKind { out, start_break, end_break, in, unknown };

struct ProbeEntry {
    Guid id;
    Guid person;
    EntryKind kind;
    std::chrono::milliseconds time;   // since 1970, UTC
    std::chrono::milliseconds offset; // of the agent's clock from UTC
    Date date;                        // Jibble's
    std::optional<Guid> activity;
    bool is_archived;
};

struct ProbeHourEntry {
    Guid id;
    Guid person;
    std::optional<Guid> activity;
    Date date;
    std::chrono::milliseconds duration;
    bool is_archived;
};

// A member that is a GUID, and not all zeros.
std::optional<Guid> guid_member(const rapidjson::Value& object, const char* name);
// Nothing where a member that is needed is missing or of another form.
std::optional<ProbeEntry> parse_probe_entry(const rapidjson::Value& row);
std::optional<ProbeHourEntry> parse_probe_hour_entry(const rapidjson::Value& row);

// Without repetitions. What it has of one person has no gap.
class ProbeEntries
{
  public:
    void add(const ProbeEntry& entry);
    bool empty() const { return ids_.empty(); }
    std::size_t size() const { return ids_.size(); }
    std::set<Guid> people() const;
    // All of a person's, archived ones too, in the order of rule R2.
    const std::vector<ProbeEntry>& of(const Guid& person) const;
    // Those that are not archived and of a known kind, in that order.
    std::vector<ProbeEntry> live(const Guid& person) const;

  private:
    std::map<Guid, std::vector<ProbeEntry>> by_person_;
    std::set<Guid> ids_;
};

} // namespace timesheetd
