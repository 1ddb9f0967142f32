// Whether the engine may read time_entries_session_order without a query. The planner and the
// executor, who would ask, are not there: what they ask about rights, rows and the index is asked
// here.
#pragma once

#include "input_table.hpp"

namespace timesheet::server
{

// The index has the columns of time_entries_table that are read, in their order; the first are
// keys.
inline constexpr int session_order_keys = 4;

// These may ereport.

// What in this session, in the table or in its rights forbids it, in words that follow "as"; null
// if nothing does. The table is open_checked().
const char* obstacle_in_table(Relation table);
// The oid of the table's index of that name; InvalidOid if there is none.
Oid session_order_of(Relation table);
// What in the index forbids it: it must hold exactly the live rows, in session order, with all that
// is read.
const char* obstacle_in_index(Relation table, Relation index);

} // namespace timesheet::server
