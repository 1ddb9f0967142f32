// Hour entries, kept until their agent's turn comes.
#pragma once

#include "arguments.hpp"
#include "entry_query.hpp"
#include "guard.hpp"

namespace timesheet::server
{

// Live hour entries by agent, kept by the server (on disk when they are many) until their agent's
// turn.
class ManualHours
{
  public:
    explicit ManualHours(const Arguments& arguments)
    {
        in_server([&] { store_ = tuplestore_begin_heap(false, false, work_mem); });
        int32_t last_agent = std::numeric_limits<int32_t>::min();
        auto keep = [&](TupleTableSlot* slot) {
            const int32_t agent = DatumGetInt32(slot->tts_values[agent_column - 1]);
            if (agent < last_agent)
                report_order(hour_entries_table);
            last_agent = agent;
            check_workday(hour_entries_table,
                          DatumGetDateADT(slot->tts_values[workday_column - 1]));
            tuplestore_puttupleslot(store_, slot);
        };
        hour_entries_query(arguments).each_row(keep);
        in_server([&] {
            slot_ = MakeSingleTupleTableSlot(hour_entries_descriptor(), &TTSOpsMinimalTuple);
            next();
        });
    }
    // May ereport.
    void close()
    {
        ExecDropSingleTupleTableSlot(slot_);
        tuplestore_end(store_);
    }

    bool has_row() const { return has_row_; }
    int32_t agent() const { return DatumGetInt32(slot_->tts_values[agent_column - 1]); }
    // May ereport.
    void next()
    {
        has_row_ = tuplestore_gettupleslot(store_, true, false, slot_);
        if (has_row_)
            slot_getallattrs(slot_);
    }
    TupleTableSlot* slot() const { return slot_; }

  private:
    Tuplestorestate* store_ = nullptr;
    TupleTableSlot* slot_ = nullptr;
    bool has_row_ = false;
};

} // namespace timesheet::server
