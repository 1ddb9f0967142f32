// An entry from a tuple of time_entries_session_order, as the index stores it.
#pragma once

#include "entry_query.hpp"

namespace timesheet::server
{

namespace entry_tuple
{

constexpr int length_of(Oid type)
{
    return type == UUIDOID          ? UUID_LEN
           : type == TIMESTAMPTZOID ? 8
           : type == BOOLOID        ? 1
           : type == INT2OID        ? 2
                                    : 4; // integer and date
}

constexpr int alignment_of(Oid type)
{
    return type == TIMESTAMPTZOID               ? ALIGNOF_DOUBLE
           : type == UUIDOID || type == BOOLOID ? 1
                                                : length_of(type);
}

// Where a column begins after the tuple's header, if no null is before it.
constexpr int offset_of(int column)
{
    int at = 0;
    for (int i = 0;; at += length_of(time_entries_table.columns[i++].type)) {
        const int alignment = alignment_of(time_entries_table.columns[i].type);
        at = (at + alignment - 1) / alignment * alignment;
        if (i == column)
            return at;
    }
}

// The columns that must not be null, as bits of a tuple's null bitmap, where a set bit is a value.
constexpr unsigned required_bits()
{
    unsigned bits = 0;
    for (int i = 0; i < time_entries_table.selected; i++)
        bits |= time_entries_table.columns[i].may_be_null ? 0u : 1u << i;
    return bits;
}

enum Column {
    agent,
    time,
    kind,
    id,
    is_auto_out,
    workday,
    workday_end,
    client_group,
    activity,
    columns
};
static_assert(columns == time_entries_table.selected && columns <= 16);
// The two that may be null are the last: without the first of them, the other is in its place.
static_assert(offset_of(activity) == offset_of(client_group) + 4 && columns == activity + 1);

template <class T>
inline T value_at(const char* place)
{
    T value;
    memcpy(&value, place, sizeof value);
    return value;
}

[[noreturn]] inline void report_nulls(unsigned bits)
{
    bool is_null[columns];
    for (int i = 0; i < columns; i++)
        is_null[i] = (bits & 1u << i) == 0;
    report_null(time_entries_table, is_null);
}

} // namespace entry_tuple

// Its nulls and values checked. May ereport.
inline void read_entry(IndexTuple tuple, const Rules& rules, Entry& e)
{
    using namespace entry_tuple;
    const char* header = reinterpret_cast<const char*>(tuple);
    const char* first = header + IndexInfoFindDataOffset(tuple->t_info);
    unsigned bits = ~0u;
    if (IndexTupleHasNulls(tuple)) {
        const unsigned char* bitmap =
            reinterpret_cast<const unsigned char*>(header + sizeof(IndexTupleData));
        bits = bitmap[0] | static_cast<unsigned>(bitmap[1]) << 8;
        if (unlikely((bits & required_bits()) != required_bits()))
            report_nulls(bits);
    }
    const int16 stored_kind = value_at<int16>(first + offset_of(kind));
    e.agent = value_at<int32>(first + offset_of(agent));
    e.time = value_at<TimestampTz>(first + offset_of(time));
    e.kind = static_cast<Kind>(stored_kind);
    memcpy(e.id.data(), first + offset_of(id), UUID_LEN);
    e.is_auto_out = first[offset_of(is_auto_out)] != 0;
    e.workday = value_at<DateADT>(first + offset_of(workday));
    e.workday_end = value_at<TimestampTz>(first + offset_of(workday_end));
    const char* next = first + offset_of(client_group);
    auto next_id = [&](Column column) -> OptionalId {
        if ((bits & 1u << column) == 0)
            return no_id;
        const int32 value = value_at<int32>(next);
        next += sizeof value;
        return value;
    };
    e.client_group = next_id(client_group);
    e.activity = next_id(activity);
    check_values(e, stored_kind, rules);
}

} // namespace timesheet::server
