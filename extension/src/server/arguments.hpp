// The arguments that all four functions share, and the settings they run under.
#pragma once

#include <unordered_map>

#include "../engine/entry.hpp"
#include "pg_prelude.hpp"

namespace timesheet::server
{

struct Arguments {
    Day since = std::numeric_limits<Day>::min(); // inclusive; the type's ends mean unbounded
    Day until = std::numeric_limits<Day>::max(); // exclusive
    bool for_everybody = true;
    int32_t agent = 0;
    Instant as_of = 0;

    bool has_since() const { return since != std::numeric_limits<Day>::min(); }
    bool has_until() const { return until != std::numeric_limits<Day>::max(); }
    bool includes(Day workday) const { return workday >= since && workday < until; }
};

// (since date, until date, for_agent int, as_of timestamptz); null: unbounded, everybody, now().
Arguments read_arguments(FunctionCallInfo fcinfo);

// Within an SPI connection. Fails unless timesheet.settings has one row, of values that its
// constraints allow.
Rules read_rules(Instant as_of);

// R11: the first weekday of each client group that has one of its own.
std::unordered_map<OptionalId, int> read_week_starts();

} // namespace timesheet::server
