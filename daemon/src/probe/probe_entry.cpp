#include "probe/probe_entry.hpp"

#include <algorithm>
#include <tuple>

#include "text/iso_duration.hpp"

namespace timesheetd
{

namespace
{

EntryKind kind_of(const std::string& type)
{
    if (type == "In")
        return EntryKind::in;
    if (type == "Out")
        return EntryKind::out;
    if (type == "StartBreak")
        return EntryKind::start_break;
    return type == "EndBreak" ? EntryKind::end_break : EntryKind::unknown;
}

// Nothing else is a clock's distance from UTC, or time that a person typed in.
constexpr std::chrono::hours max_offset{24};
constexpr std::chrono::hours max_typed_in{31 * 24};

bool is_archived(const rapidjson::Value& row)
{
    return text_member(row, "status") == "Archived";
}

} // namespace

std::optional<Guid> guid_member(const rapidjson::Value& object, const char* name)
{
    if (!object.IsObject())
        return std::nullopt;
    auto guid = parse_guid(text_member(object, name));
    return guid && *guid != Guid{} ? guid : std::nullopt;
}

std::optional<ProbeEntry> parse_probe_entry(const rapidjson::Value& row)
{
    auto id = guid_member(row, "id");
    auto person = guid_member(row, "personId");
    if (!id || !person)
        return std::nullopt;
    std::string type = text_member(row, "type");
    auto time = parse_instant(text_member(row, "time"));
    auto offset = parse_iso_duration(text_member(row, "offset"));
    auto date = parse_date(text_member(row, "belongsToDate"));
    if (type.empty() || !time || !offset || *offset < -max_offset || *offset > max_offset || !date)
        return std::nullopt;
    using std::chrono::milliseconds;
    return ProbeEntry{*id,
                      *person,
                      kind_of(type),
                      std::chrono::duration_cast<milliseconds>(time->time_since_epoch()),
                      *offset,
                      *date,
                      guid_member(row, "activityId"),
                      is_archived(row)};
}

std::optional<ProbeHourEntry> parse_probe_hour_entry(const rapidjson::Value& row)
{
    auto id = guid_member(row, "id");
    auto person = guid_member(row, "personId");
    if (!id || !person)
        return std::nullopt;
    auto date = parse_date(text_member(row, "date"));
    auto duration = parse_iso_duration(text_member(row, "duration"));
    if (!date || !duration || duration->count() < 0 || *duration > max_typed_in)
        return std::nullopt;
    return ProbeHourEntry{*id,   *person,   guid_member(row, "activityId"),
                          *date, *duration, is_archived(row)};
}

void ProbeEntries::add(const ProbeEntry& entry)
{
    if (!ids_.insert(entry.id).second)
        return;
    auto before = [](const ProbeEntry& a, const ProbeEntry& b) {
        return std::tie(a.time, a.kind, a.id) < std::tie(b.time, b.kind, b.id);
    };
    auto& entries = by_person_[entry.person];
    entries.insert(std::upper_bound(entries.begin(), entries.end(), entry, before), entry);
}

std::set<Guid> ProbeEntries::people() const
{
    std::set<Guid> people;
    for (const auto& [person, entries] : by_person_)
        people.insert(person);
    return people;
}

const std::vector<ProbeEntry>& ProbeEntries::of(const Guid& person) const
{
    static const std::vector<ProbeEntry> none;
    auto found = by_person_.find(person);
    return found == by_person_.end() ? none : found->second;
}

std::vector<ProbeEntry> ProbeEntries::live(const Guid& person) const
{
    std::vector<ProbeEntry> live;
    for (const ProbeEntry& entry : of(person))
        if (!entry.is_archived && entry.kind != EntryKind::unknown)
            live.push_back(entry);
    return live;
}

} // namespace timesheetd
