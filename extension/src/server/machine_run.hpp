// Entries from the server through the session machine into a sink.
#pragma once

#include "../engine/session_machine.hpp"
#include "entry_query.hpp"
#include "guard.hpp"
#include "index_stream.hpp"

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

// Entries on their way from what is read into a session machine that emits into the sink.
template <class Sink>
class MachineRun
{
  public:
    MachineRun(const Rules& rules, Sink& sink) : sink_(sink), machine_(rules, sink) {}

    // Where the next entry is to be written before push().
    Entry& next() { return machine_.next(); }
    // May ereport.
    void push()
    {
        const Entry& e = machine_.next();
        if (unlikely(e.agent < last_agent_ || (e.agent == last_agent_ && e.time < last_time_)))
            report_order(time_entries_table);
        last_agent_ = e.agent;
        last_time_ = e.time;
        sink_.entry(e);
        machine_.push();
    }
    // May ereport.
    void finish() { machine_.finish(); }

  private:
    Sink& sink_;
    SessionMachine<Sink> machine_;
    int32_t last_agent_ = std::numeric_limits<int32_t>::min();
    Instant last_time_ = std::numeric_limits<Instant>::min();
};

// Runs all entries that the arguments ask for through a session machine.
template <class Sink>
void run_machine(const Arguments& arguments, const Rules& rules, Sink& sink)
{
    MachineRun<Sink> run(rules, sink);
    bool is_read = false;
    in_server([&] {
        IndexStream stream;
        is_read = stream.open(arguments, rules);
        if (!is_read)
            return;
        from_server([&] {
            while (stream.next(rules, run.next()))
                run.push();
        });
        stream.close();
    });
    if (!is_read) {
        auto push = [&](TupleTableSlot* slot) {
            read_entry(slot, rules, run.next());
            run.push();
        };
        entries_query(arguments, rules).each_row(push);
    }
    in_server([&] { from_server([&] { run.finish(); }); });
}

} // namespace timesheet::server
