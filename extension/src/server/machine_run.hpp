// Entries from the server through the session machine into a sink.
#pragma once

#include "../engine/session_machine.hpp"
#include "entry_query.hpp"
#include "guard.hpp"

namespace timesheet::server
{

// An SPI connection for as long as it lives; a failure inside it is cleaned up by the server. It
// sees all rows of a table or fails: where row-level security would hide some, hours would be too
// few.
class SpiConnection
{
  public:
    SpiConnection()
    {
        in_server([this] {
            SPI_connect();
            settings_level_ = NewGUCNestLevel();
            set_config_option("row_security", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
                              true, 0, false);
        });
    }
    void close()
    {
        in_server([this] {
            AtEOXact_GUC(true, settings_level_);
            SPI_finish();
        });
    }

  private:
    int settings_level_ = 0;
};

// Runs all entries of the query through a session machine that emits into the sink.
template <class Sink>
void run_machine(const Arguments& arguments, const Rules& rules, Sink& sink)
{
    SessionMachine<Sink> machine(rules, sink);
    int32_t last_agent = std::numeric_limits<int32_t>::min();
    Instant last_time = std::numeric_limits<Instant>::min();
    auto push = [&](TupleTableSlot* slot) {
        Entry& e = machine.next();
        read_entry(slot, rules, e);
        if (unlikely(e.agent < last_agent || (e.agent == last_agent && e.time < last_time)))
            report_order(time_entries_table);
        last_agent = e.agent;
        last_time = e.time;
        sink.entry(e);
        machine.push();
    };
    entries_query(arguments, rules).each_row(push);
    in_server([&] { from_server([&] { machine.finish(); }); });
}

} // namespace timesheet::server
