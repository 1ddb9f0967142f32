#pragma once

#include "organisation/truth.hpp"

#include <vector>

namespace fake
{

enum class EntryType : std::uint8_t { in, out, start_break, location_update };
enum class Client : std::uint8_t { web, mobile, kiosk, zapier, auto_out };

// One recorded point in time, small enough to keep a million of them.
struct TimeEntry {
    static constexpr std::uint32_t no_entry = 0xffffffff;

    Guid id;
    Micros time;
    Micros created;
    Micros updated;
    // Neighbours among the same agent's counting entries, as indexes.
    std::uint32_t previous;
    std::uint32_t next;
    Days belongs_to_date;
    std::int32_t offset_seconds;
    std::uint16_t agent;
    std::int16_t activity;
    EntryType type;
    Client client;
    // Fractional digits with which `time` is written.
    std::uint8_t digits;
    bool archived;
    bool manual;
    bool offline;
    // The In that ends a break.
    bool ends_break;
    // Such an In that goes on with what was done before the break, on the same workday.
    bool goes_on;
};

// Records the truth as Jibble would have: late, deleted and unknown entries included.
std::vector<TimeEntry> record_time_entries(const Organisation& organisation, const Truth& truth);

} // namespace fake
