// The engine's input: live entries in session order (R2), by an index-only scan of
// time_entries_session_order where the planner finds that best.
#pragma once

#include "row_stream.hpp"

namespace timesheet::server
{

// All entries that can begin, end or explain a session of the wanted workdays.
Query entries_query(const Arguments& arguments, const Rules& rules);

// Live hour entries of the wanted workdays, by agent.
Query hour_entries_query(const Arguments& arguments);

// A row of entries_query; valid as long as the row.
Entry read_entry(TupleTableSlot* slot);

// A column of hour_entries_query, and of its tuplestore.
enum HourEntryColumn { kAgent = 1, kWorkday, kClientGroup, kActivity, kSeconds };
TupleDesc hour_entries_descriptor();

OptionalId optional_id(TupleTableSlot* slot, int column);

} // namespace timesheet::server
