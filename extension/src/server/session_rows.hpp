// The rows of timesheet.native_sessions().
#pragma once

#include "../engine/entry.hpp"
#include "arguments.hpp"
#include "output.hpp"

namespace timesheet::server
{

inline const ShortText work_text("work");
inline const ShortText break_text("break");
// R7, in the order of EndReason.
inline const ShortText end_reason_texts[] = {
    ShortText("next_activity"),  ShortText("break"),   ShortText("clock_out"),
    ShortText("auto_clock_out"), ShortText("running"), ShortText("missing_clock_out"),
    ShortText("break_left_open")};

// R8: one row a session.
class SessionRows
{
  public:
    SessionRows(const Arguments& arguments, Output& output) : arguments_(arguments), output_(output)
    {
    }

    void entry(const Entry&) {}
    void unmatched_out(const Entry&) {}
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.includes(e.workday))
            return;
        output_.put(Int32GetDatum(e.agent))
            .put_id(e.client_group)
            .put_id(e.activity)
            .put(DateADTGetDatum(e.workday))
            .put(s.is_work() ? work_text.datum() : break_text.datum())
            .put(TimestampTzGetDatum(e.time))
            .put(TimestampTzGetDatum(s.end))
            .put(Int64GetDatum(s.seconds()))
            .put(end_reason_texts[static_cast<int>(s.end_reason)].datum())
            .put(BoolGetDatum(s.is_complete()))
            .put(PointerGetDatum(e.id.data()))
            .end_row();
    }

  private:
    const Arguments& arguments_;
    Output& output_;
};

} // namespace timesheet::server
