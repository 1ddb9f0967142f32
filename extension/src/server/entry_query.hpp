// The engine's input: live entries in session order (R2), by a query, in whatever way the planner
// finds best; index_stream.hpp reads the same without one.
#pragma once

#include "row_stream.hpp"

namespace timesheet::server
{

// When the entries begin that can begin, end or explain a session of the wanted workdays.
struct EntryTimes {
    bool has_from = false;
    Instant from = 0; // inclusive
    bool has_to = false;
    Instant to = 0; // exclusive
};
EntryTimes entry_times(const Arguments& arguments, const Rules& rules);

// All of these entries.
TableQuery<time_entries_table> entries_query(const Arguments& arguments, const Rules& rules);

// Live hour entries of the wanted workdays, by agent.
TableQuery<hour_entries_table> hour_entries_query(const Arguments& arguments);

// A column that holds an id or null, of a row whose columns have been read.
inline OptionalId optional_id(TupleTableSlot* slot, int column)
{
    return slot->tts_isnull[column - 1] ? no_id : DatumGetInt32(slot->tts_values[column - 1]);
}

// The values that the engine cannot calculate with, and those that the sql engine rejects. May
// ereport.
void check_entry(const Entry& e, int16 kind, const Rules& rules);

void check_workday(const InputTable& table, Day day);

// The same for every row, with its kind as it is stored. May ereport.
inline void check_values(const Entry& e, int16 kind, const Rules& rules)
{
    if (unlikely(kind < 0 || kind > 3 || e.time < MIN_TIMESTAMP ||
                 e.time >= END_TIMESTAMP - rules.max_session || !IS_VALID_DATE(e.workday) ||
                 !IS_VALID_TIMESTAMP(e.workday_end)))
        check_entry(e, kind, rules);
}

// A row of entries_query, its nulls checked. May ereport.
inline void read_entry(TupleTableSlot* slot, const Rules& rules, Entry& e)
{
    const Datum* value = slot->tts_values;
    const int16 kind = DatumGetInt16(value[2]);
    e.agent = DatumGetInt32(value[0]);
    e.time = DatumGetTimestampTz(value[1]);
    e.kind = static_cast<Kind>(kind);
    memcpy(e.id.data(), DatumGetUUIDP(value[3])->data, UUID_LEN);
    e.is_auto_out = DatumGetBool(value[4]);
    e.workday = DatumGetDateADT(value[5]);
    e.workday_end = DatumGetTimestampTz(value[6]);
    e.client_group = optional_id(slot, 8);
    e.activity = optional_id(slot, 9);
    check_values(e, kind, rules);
}

// A column of hour_entries_query, and of its tuplestore.
enum HourEntryColumn {
    agent_column = 1,
    workday_column,
    client_group_column,
    activity_column,
    seconds_column
};
TupleDesc hour_entries_descriptor();

} // namespace timesheet::server
