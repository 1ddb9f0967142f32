// Entries from the server through the session machine into a sink.
#pragma once

#include "../engine/session_machine.hpp"
#include "entry_query.hpp"
#include "guard.hpp"

namespace timesheet::server
{

// An SPI connection for as long as it lives; a failure inside it is cleaned up by the server.
class SpiConnection
{
  public:
    SpiConnection()
    {
        in_server([] { SPI_connect(); });
    }
    void close()
    {
        in_server([] { SPI_finish(); });
    }
};

// Runs all entries of the query through a session machine that emits into the sink.
template <class Sink>
void run_machine(const Arguments& arguments, const Rules& rules, Sink& sink)
{
    SessionMachine<Sink> machine(rules, sink);
    auto push = [&](TupleTableSlot* slot) {
        read_entry(slot, machine.next());
        sink.entry(machine.next());
        machine.push();
    };
    RowReceiver<decltype(push)> receiver(push);
    entries_query(arguments, rules).run_into(&receiver.pub);
    in_server([&] { from_server([&] { machine.finish(); }); });
}

} // namespace timesheet::server
