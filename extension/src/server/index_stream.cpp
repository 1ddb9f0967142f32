#include "index_stream.hpp"

#include "entry_tuple.hpp"
#include "index_checks.hpp"

namespace timesheet::server
{

bool IndexStream::open(const Arguments& arguments, const Rules& rules)
{
    const EntryTimes times = entry_times(arguments, rules);
    // A few days of everybody are a small part of this index, but all of it would be read.
    if (arguments.for_everybody && (times.has_from || times.has_to))
        return false;
    table_ = open_checked(time_entries_table);
    const char* obstacle = open_index();
    if (obstacle) {
        relation_close(table_, NoLock);
        ereport(DEBUG1, (errmsg("timesheet.%s is read by a query, as %s", time_entries_table.name,
                                obstacle)));
        return false;
    }
    begin(arguments, rules);
    return true;
}

// Null, or what forbids it.
const char* IndexStream::open_index()
{
    if (const char* obstacle = obstacle_in_table(table_))
        return obstacle;
    const Oid oid = session_order_of(table_);
    if (!OidIsValid(oid))
        return "it has no index time_entries_session_order";
    index_ = index_open(oid, AccessShareLock);
    const char* obstacle = obstacle_in_index(table_, index_);
    if (obstacle)
        index_close(index_, NoLock);
    return obstacle;
}

void IndexStream::begin(const Arguments& arguments, const Rules& rules)
{
    constexpr AttrNumber agent_key = 1;
    constexpr AttrNumber time_key = 2;
    const EntryTimes times = entry_times(arguments, rules);
    ScanKeyData keys[3];
    int count = 0;
    if (!arguments.for_everybody)
        ScanKeyInit(&keys[count++], agent_key, BTEqualStrategyNumber, F_INT4EQ,
                    Int32GetDatum(arguments.agent));
    if (times.has_from)
        ScanKeyInit(&keys[count++], time_key, BTGreaterEqualStrategyNumber, F_TIMESTAMPTZ_GE,
                    TimestampTzGetDatum(times.from));
    if (times.has_to)
        ScanKeyInit(&keys[count++], time_key, BTLessStrategyNumber, F_TIMESTAMPTZ_LT,
                    TimestampTzGetDatum(times.to));
    snapshot_ = RegisterSnapshot(GetActiveSnapshot());
    slot_ = table_slot_create(table_, nullptr);
    scan_ = begin_index_scan(table_, index_, snapshot_, count);
    scan_->xs_want_itup = true;
    index_rescan(scan_, keys, count, nullptr, 0);
}

bool IndexStream::next(const Rules& rules, Entry& e)
{
    while (const ItemPointer row = index_getnext_tid(scan_, ForwardScanDirection)) {
        CHECK_FOR_INTERRUPTS();
        if (!is_visible(row))
            continue;
        read_entry(scan_->xs_itup, rules, e);
        return true;
    }
    return false;
}

// Also takes the lock by which a serializable transaction knows what it has read.
bool IndexStream::is_visible(ItemPointer row)
{
    const BlockNumber page = ItemPointerGetBlockNumber(row);
    if (!VM_ALL_VISIBLE(table_, page, &map_page_)) {
        const bool is_visible = index_fetch_heap(scan_, slot_);
        ExecClearTuple(slot_);
        return is_visible;
    }
    PredicateLockPage(table_, page, snapshot_);
    return true;
}

void IndexStream::close()
{
    if (BufferIsValid(map_page_))
        ReleaseBuffer(map_page_);
    index_endscan(scan_);
    ExecDropSingleTupleTableSlot(slot_);
    UnregisterSnapshot(snapshot_);
    index_close(index_, NoLock);
    relation_close(table_, NoLock);
}

} // namespace timesheet::server
