// The engine's input without a query: the pages of time_entries_session_order, read in their order,
// as the executor's index-only scan does, with nothing between a tuple and the session machine.
#pragma once

#include "arguments.hpp"

namespace timesheet::server
{

// Plain, without a destructor: what an error of the server's or an exception leaves open, the
// server closes when it aborts the transaction.
class IndexStream
{
  public:
    // These may ereport.

    // False if the query is to be run instead, with nothing open: where something forbids to read
    // the index so, which a DEBUG1 message names, or where the planner may know a shorter way.
    bool open(const Arguments& arguments, const Rules& rules);
    // The next live entry that this statement sees, its nulls and values checked. False at the end.
    bool next(const Rules& rules, Entry& e);
    // Keeps the locks to the end of the transaction, as a query does.
    void close();

  private:
    const char* open_index();
    void begin(const Arguments& arguments, const Rules& rules);
    bool is_visible(ItemPointer row);

    Relation table_ = nullptr;
    Relation index_ = nullptr;
    Snapshot snapshot_ = nullptr;
    IndexScanDesc scan_ = nullptr;
    TupleTableSlot* slot_ = nullptr; // for rows of pages that are not all visible
    Buffer map_page_ = InvalidBuffer;
};

} // namespace timesheet::server
