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

// A column that holds an id or null, of a row whose columns have been read.
inline OptionalId optional_id(TupleTableSlot* slot, int column)
{
    return slot->tts_isnull[column - 1] ? kNoId : DatumGetInt32(slot->tts_values[column - 1]);
}

// A row of entries_query.
inline void read_entry(TupleTableSlot* slot, Entry& e)
{
    slot_getallattrs(slot);
    const Datum* value = slot->tts_values;
    e.agent = DatumGetInt32(value[0]);
    e.time = DatumGetTimestampTz(value[1]);
    e.kind = static_cast<Kind>(DatumGetInt16(value[2]));
    memcpy(e.id.data(), DatumGetUUIDP(value[3])->data, UUID_LEN);
    e.workday = DatumGetDateADT(value[4]);
    e.workday_end = DatumGetTimestampTz(value[5]);
    e.client_group = optional_id(slot, 7);
    e.activity = optional_id(slot, 8);
    e.is_auto_out = DatumGetBool(value[8]);
}

// A column of hour_entries_query, and of its tuplestore.
enum HourEntryColumn { kAgent = 1, kWorkday, kClientGroup, kActivity, kSeconds };
TupleDesc hour_entries_descriptor();

} // namespace timesheet::server
