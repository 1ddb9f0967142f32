// What the engine reads, and that it is what it seems. The owner of a database may make these
// tables by hand, or put views and foreign tables in their place: types are checked whenever a
// query starts, nulls in every row. A value of another type, read as ours, is an address anywhere
// in the server's memory.
#pragma once

#include <utility>

#include "pg_prelude.hpp"

namespace timesheet::server
{

struct InputColumn {
    const char* name;
    Oid type; // this very one: a domain over it is another type
    bool may_be_null = false;
};

// The first `selected` columns are read, the others are only checked. They are in the order of the
// index that has them all, so that its rows are handed on as they are.
struct InputTable {
    const char* name;
    int selected;
    int count;
    InputColumn columns[10];
};

inline constexpr InputTable settings_table{"settings",
                                           6,
                                           6,
                                           {{"max_session", INTERVALOID},
                                            {"overnight_switch", INTERVALOID},
                                            {"long_session", INTERVALOID},
                                            {"missing_clock_out", TEXTOID},
                                            {"week_starts_on", INT4OID},
                                            {"activity_after_break", TEXTOID}}};
inline constexpr InputTable client_groups_table{
    "client_groups", 2, 2, {{"client_group_id", INT4OID}, {"week_starts_on", INT4OID}}};
inline constexpr InputTable time_entries_table{"time_entries",
                                               9,
                                               10,
                                               {{"agent_id", INT4OID},
                                                {"start_time_utc", TIMESTAMPTZOID},
                                                {"kind", INT2OID},
                                                {"jibble_activity_id", UUIDOID},
                                                {"is_auto_out", BOOLOID},
                                                {"workday", DATEOID},
                                                {"workday_end", TIMESTAMPTZOID},
                                                {"client_group_id", INT4OID, true},
                                                {"activity_id", INT4OID, true},
                                                {"deleted_at", TIMESTAMPTZOID, true}}};
inline constexpr InputTable hour_entries_table{"hour_entries",
                                               5,
                                               6,
                                               {{"agent_id", INT4OID},
                                                {"workday", DATEOID},
                                                {"client_group_id", INT4OID, true},
                                                {"activity_id", INT4OID, true},
                                                {"seconds", INT8OID},
                                                {"deleted_at", TIMESTAMPTZOID, true}}};

// These may ereport.

// Before rows are read: opens the table under the lock that the query takes; all columns are there,
// each of its type.
Relation open_checked(const InputTable& table);
// The same before a query, which opens the table again; keeps the lock.
void check_table(const InputTable& table);
// When it starts: what it returns is what table says. A view may have changed since check_table().
void check_row_type(const InputTable& table, TupleDesc row);
[[noreturn]] void report_null(const InputTable& table, const bool* is_null);
// `what` says what the value must be, in words that follow "must be".
[[noreturn]] void report_value(const InputTable& table, const char* column, const char* value,
                               const char* what, int sqlstate);
// Rows must come in the order that was asked for; a foreign server may know another.
[[noreturn]] void report_order(const InputTable& table);

template <const InputTable& table, size_t... column>
inline bool has_forbidden_null(const bool* is_null, std::index_sequence<column...>)
{
    return ((!table.columns[column].may_be_null & is_null[column]) | ...);
}

// A row whose columns have been read.
template <const InputTable& table>
inline void check_nulls(TupleTableSlot* slot)
{
    if (unlikely(has_forbidden_null<table>(slot->tts_isnull,
                                           std::make_index_sequence<table.selected>())))
        report_null(table, slot->tts_isnull);
}

} // namespace timesheet::server
