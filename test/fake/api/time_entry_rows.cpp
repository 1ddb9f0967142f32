#include "api/time_entry_rows.hpp"

#include "values/json_writer.hpp"
#include "values/random.hpp"

#include <algorithm>
#include <cmath>

namespace fake
{

namespace
{

// In the order of the schema below.
enum Field : int {
    f_id,
    f_person,
    f_organization,
    f_type,
    f_time,
    f_local_time,
    f_offset,
    f_belongs_to_date,
    f_activity,
    f_project,
    f_location,
    f_kiosk,
    f_break,
    f_client_type,
    f_status,
    f_is_offline,
    f_is_face_recognized,
    f_face_similarity,
    f_is_automatic,
    f_is_manual,
    f_is_outside_geofence,
    f_is_manual_location,
    f_is_unusual,
    f_is_end_of_day,
    f_is_from_speed_kiosk,
    f_is_locked,
    f_note,
    f_address,
    f_auto_clock_out_time,
    f_clock_in_out_reminder_time,
    f_previous,
    f_next,
    f_coordinates,
    f_picture,
    f_platform,
    f_created,
    f_updated,
    field_count
};

// The incidental properties depend on the id alone, so no memory is spent on them.
std::uint64_t draw(const TimeEntry& entry, Field field, std::uint64_t bound)
{
    return mix(entry.id.low ^ (static_cast<std::uint64_t>(field) << 32)) % bound;
}

constexpr std::string_view type_names[] = {"In", "Out", "StartBreak", "LocationUpdate"};
constexpr std::string_view client_names[] = {"Web", "Mobile", "Kiosk", "Zapier", "AutoOut"};
constexpr std::string_view notes[] = {"",
                                      "Client call ran long; see ticket \"4411\"",
                                      "Power outage, 10 min\nback online",
                                      "¿Listo? Sí – done",
                                      "C:\\reports\\week.xlsx uploaded",
                                      "Salamat 🙏",
                                      "covering for Niño"};
constexpr std::string_view addresses[] = {"", "Ortigas Center, Pasig, Metro Manila",
                                          "Cebu IT Park, Lahug, Cebu City", "Davao City"};

std::string_view note_of(const TimeEntry& entry)
{
    return draw(entry, f_note, 40) == 0 ? notes[1 + draw(entry, f_note, 6)] : notes[0];
}

std::string_view address_of(const TimeEntry& entry)
{
    return entry.client == Client::mobile ? addresses[draw(entry, f_address, 4)] : addresses[0];
}

bool is_clocking(const TimeEntry& entry)
{
    return entry.type == EntryType::in || entry.type == EntryType::out;
}

Value guid_if(bool present, const Guid& guid)
{
    return present ? Value::of_guid(guid) : Value::none(Type::guid);
}

Value instant(Micros value)
{
    return Value::of_integer(Type::instant, value);
}

Value text_or_none(std::string_view value)
{
    return value.empty() ? Value::none(Type::text) : Value::of_text(value);
}

// The members that say how the person clocked.
Value how_clocked(const TimeEntry& e, Field field)
{
    auto boolean = [](bool value) { return Value::of_integer(Type::boolean, value); };
    bool by_face = e.client == Client::kiosk || (e.client == Client::mobile && is_clocking(e));
    switch (field) {
    case f_is_offline:
        return boolean(e.offline);
    case f_is_face_recognized:
        return by_face ? boolean(draw(e, f_is_face_recognized, 30) != 0)
                       : Value::none(Type::boolean);
    case f_face_similarity:
        return by_face ? Value::of_number(0.8 +
                                          static_cast<double>(draw(e, f_face_similarity, 19)) / 100)
                       : Value::none(Type::number);
    case f_is_automatic:
        return boolean(e.client == Client::auto_out);
    case f_is_manual:
        return boolean(e.manual);
    case f_is_outside_geofence:
        return boolean(e.client == Client::mobile && draw(e, f_is_outside_geofence, 25) == 0);
    case f_is_unusual:
        return boolean(draw(e, f_is_unusual, 60) == 0);
    case f_is_end_of_day:
        return boolean(e.type == EntryType::out);
    case f_is_manual_location:
    case f_is_from_speed_kiosk:
    case f_is_locked:
        return boolean(false);
    default:
        return Value();
    }
}

// The members that say where.
Value where_clocked(const Organisation& org, const TimeEntry& e, Field field)
{
    switch (field) {
    case f_location:
        return guid_if(e.client == Client::kiosk, org.locations[e.agent % org.locations.size()]);
    case f_kiosk:
        return guid_if(e.client == Client::kiosk, org.locations[0]);
    case f_address:
        return text_or_none(address_of(e));
    default:
        return Value();
    }
}

} // namespace

const Schema& time_entry_schema()
{
    static const Schema schema{"TimeEntries",
                               "time-tracking",
                               {{"id", Type::guid, false},
                                {"personId", Type::guid, false},
                                {"organizationId", Type::guid, false},
                                {"type", Type::text, false},
                                {"time", Type::instant, false},
                                {"localTime", Type::instant, false},
                                {"offset", Type::duration, false},
                                {"belongsToDate", Type::date, false},
                                {"activityId", Type::guid, true},
                                {"projectId", Type::guid, true},
                                {"locationId", Type::guid, true},
                                {"kioskId", Type::guid, true},
                                {"breakId", Type::guid, true},
                                {"clientType", Type::text, true},
                                {"status", Type::text, false},
                                {"isOffline", Type::boolean, false},
                                {"isFaceRecognized", Type::boolean, true},
                                {"faceSimilarity", Type::number, true},
                                {"isAutomatic", Type::boolean, false},
                                {"isManual", Type::boolean, false},
                                {"isOutsideGeofence", Type::boolean, false},
                                {"isManualLocation", Type::boolean, false},
                                {"isUnusual", Type::boolean, false},
                                {"isEndOfDay", Type::boolean, false},
                                {"isFromSpeedKiosk", Type::boolean, false},
                                {"isLocked", Type::boolean, false},
                                {"note", Type::text, true},
                                {"address", Type::text, true},
                                {"autoClockOutTime", Type::instant, true},
                                {"clockInOutReminderTime", Type::instant, true},
                                {"previousTimeEntryId", Type::guid, true},
                                {"nextTimeEntryId", Type::guid, true},
                                {"coordinates", Type::complex, true},
                                {"picture", Type::complex, true},
                                {"platform", Type::complex, true},
                                {"createdAt", Type::instant, false},
                                {"updatedAt", Type::instant, false}}};
    return schema;
}

TimeEntryRows::TimeEntryRows(const Organisation& organisation, std::vector<TimeEntry> entries,
                             const Personality& personality)
    : org_(organisation), personality_(personality), entries_(std::move(entries))
{
    if (entries_.empty())
        return;
    auto [first, last] = std::minmax_element(entries_.begin(), entries_.end(),
                                             [](const TimeEntry& a, const TimeEntry& b) {
                                                 return a.belongs_to_date < b.belongs_to_date;
                                             });
    first_date_ = first->belongs_to_date;
    date_starts_.assign(static_cast<std::size_t>(last->belongs_to_date - first_date_) + 2, 0);
    for (const TimeEntry& entry : entries_)
        ++date_starts_[static_cast<std::size_t>(entry.belongs_to_date - first_date_) + 1];
    for (std::size_t i = 1; i < date_starts_.size(); ++i)
        date_starts_[i] += date_starts_[i - 1];
    std::vector<std::uint32_t> at(date_starts_.begin(), date_starts_.end() - 1);
    by_date_.resize(entries_.size());
    for (std::uint32_t row = 0; row < entries_.size(); ++row)
        by_date_[at[static_cast<std::size_t>(entries_[row].belongs_to_date - first_date_)]++] = row;
}

std::vector<std::uint32_t> TimeEntryRows::rows_between(Days first, Days last) const
{
    if (entries_.empty())
        return {};
    std::int64_t buckets = static_cast<std::int64_t>(date_starts_.size()) - 1;
    std::int64_t from = std::clamp<std::int64_t>(std::int64_t{first} - first_date_, 0, buckets);
    std::int64_t until =
        std::clamp<std::int64_t>(std::int64_t{last} - first_date_ + 1, from, buckets);
    return {by_date_.begin() + date_starts_[static_cast<std::size_t>(from)],
            by_date_.begin() + date_starts_[static_cast<std::size_t>(until)]};
}

// Who did what, and when.
Value TimeEntryRows::what_happened(const TimeEntry& e, int field) const
{
    switch (static_cast<Field>(field)) {
    case f_id:
        return Value::of_guid(e.id);
    case f_person:
        return Value::of_guid(org_.people[e.agent].id);
    case f_organization:
        return Value::of_guid(org_.id);
    case f_type:
        if (e.ends_break && personality_.break_end_type == Personality::BreakEnd::end_break)
            return Value::of_text("EndBreak");
        return Value::of_text(type_names[static_cast<int>(e.type)]);
    case f_time:
    case f_local_time:
        return instant(e.time);
    case f_offset:
        return Value::of_integer(Type::duration, e.offset_seconds);
    case f_belongs_to_date:
        return Value::of_integer(Type::date, e.belongs_to_date);
    case f_activity:
        return guid_if(e.activity >= 0 && !(e.goes_on && personality_.activity_after_break ==
                                                             Personality::AfterBreak::none),
                       org_.activities[static_cast<std::size_t>(std::max<int>(e.activity, 0))].id);
    default:
        return Value();
    }
}

Value TimeEntryRows::neighbour(std::uint32_t index) const
{
    return index == TimeEntry::no_entry ? Value::none(Type::guid)
                                        : Value::of_guid(entries_[index].id);
}

Value TimeEntryRows::value(std::size_t row, int property) const
{
    const TimeEntry& e = entries_[row];
    Field field = static_cast<Field>(property);
    switch (field) {
    case f_id:
    case f_person:
    case f_organization:
    case f_type:
    case f_time:
    case f_local_time:
    case f_offset:
    case f_belongs_to_date:
    case f_activity:
        return what_happened(e, field);
    case f_project:
        return Value::none(Type::guid);
    case f_location:
    case f_kiosk:
    case f_address:
        return where_clocked(org_, e, field);
    case f_break:
        return guid_if(e.type == EntryType::start_break, org_.break_types[draw(e, f_break, 2)]);
    case f_client_type:
        return Value::of_text(client_names[static_cast<int>(e.client)]);
    case f_status:
        return Value::of_text(e.archived ? "Archived" : "Active");
    case f_is_offline:
    case f_is_face_recognized:
    case f_face_similarity:
    case f_is_automatic:
    case f_is_manual:
    case f_is_outside_geofence:
    case f_is_unusual:
    case f_is_end_of_day:
    case f_is_manual_location:
    case f_is_from_speed_kiosk:
    case f_is_locked:
        return how_clocked(e, field);
    case f_note:
        return text_or_none(note_of(e));
    case f_auto_clock_out_time:
        return e.client == Client::auto_out ? instant(e.time) : Value::none(Type::instant);
    case f_clock_in_out_reminder_time:
        return Value::none(Type::instant);
    case f_previous:
        return neighbour(e.previous);
    case f_next:
        return neighbour(e.next);
    case f_created:
        return instant(e.created);
    case f_updated:
        return instant(e.updated);
    case f_coordinates:
    case f_picture:
    case f_platform:
    case field_count:
        break;
    }
    return Value();
}

void TimeEntryRows::append_value(std::string& out, std::size_t row, int property) const
{
    const TimeEntry& e = entries_[row];
    Field field = static_cast<Field>(property);
    if (field == f_coordinates) {
        out += e.client != Client::mobile
                   ? "null"
                   : "{\"latitude\":14." + std::to_string(500000 + draw(e, field, 99999)) +
                         ",\"longitude\":121." + std::to_string(100000 + draw(e, field, 88888)) +
                         "}";
        return;
    }
    if (field == f_picture) {
        if (e.client != Client::kiosk) {
            out += "null";
            return;
        }
        out += "{\"fileName\":\"";
        append_guid(out, e.id);
        out += ".jpg\",\"size\":" + std::to_string(20000 + draw(e, field, 30000)) + "}";
        return;
    }
    if (field == f_platform) {
        append_platform(out, e);
        return;
    }
    Value value = this->value(row, property);
    if (value.state != Value::State::present) {
        out += "null";
        return;
    }
    switch (value.type) {
    case Type::boolean:
        out += value.integer ? "true" : "false";
        return;
    case Type::number: {
        std::string hundredths = std::to_string(std::lround(value.number * 100));
        out += "0." + hundredths;
        return;
    }
    case Type::text:
        append_json_string(out, value.text);
        return;
    default:
        break;
    }
    out += '"';
    if (value.type == Type::guid)
        append_guid(out, value.guid);
    else if (value.type == Type::date)
        append_date(out, static_cast<Days>(value.integer));
    else if (value.type == Type::duration)
        append_duration(out, value.integer);
    else
        append_instant(out, e, field, value.integer);
    out += '"';
}

void TimeEntryRows::append_instant(std::string& out, const TimeEntry& e, int field,
                                   Micros instant) const
{
    bool any = personality_.seventh_digit == Personality::SeventhDigit::any;
    bool is_recorded = field == f_time || field == f_local_time || field == f_auto_clock_out_time;
    int digits = any ? 7 : is_recorded ? e.digits : 6;
    // The same for time and localTime, which are one instant; nines more often than others.
    int seventh = any ? static_cast<int>(std::min<std::uint64_t>(draw(e, f_time, 12), 9)) : 0;
    if (field == f_local_time)
        append_local(out, instant, digits, e.offset_seconds, seventh);
    else
        append_utc(out, instant, digits, seventh);
}

void TimeEntryRows::append_platform(std::string& out, const TimeEntry& e) const
{
    static const std::string_view devices[] = {
        "\"os\":\"Windows 11\",\"deviceModel\":\"Chrome\"",
        "\"os\":\"Android 15\",\"deviceModel\":\"SM-A556E\"",
        "\"os\":\"iPadOS 18.1\",\"deviceModel\":\"iPad14,1\"", "\"os\":null,\"deviceModel\":null",
        "\"os\":null,\"deviceModel\":null"};
    out += "{\"clientVersion\":\"web 4.112.0\",";
    out += devices[static_cast<int>(e.client)];
    out += ",\"deviceId\":\"";
    // One device a person, whatever the entry.
    append_guid(out, make_guid(org_.seed, "device", e.agent, static_cast<std::uint64_t>(e.client)));
    out += "\",\"deviceName\":null}";
}

} // namespace fake
