// The rows of timesheet.native_notes().
#pragma once

#include <unordered_set>

#include "../engine/entry.hpp"
#include "arguments.hpp"
#include "output.hpp"

namespace timesheet::server
{

// R13, from sessions and their absence; those of single entries are in timesheet.entry_notes().
// What a note says, timesheet.notes() composes for both engines.
class NoteRows
{
  public:
    NoteRows(const Arguments& arguments, const Rules& rules, Output& output)
        : arguments_(arguments), rules_(rules), output_(output)
    {
    }

    void entry(const Entry& e)
    {
        if (e.kind == Kind::other)
            return;
        if (e.agent != agent_) {
            agent_ = e.agent;
            without_group_.clear();
        }
        if (e.client_group == no_id && arguments_.includes(e.workday) &&
            without_group_.insert(e.workday).second)
            put(e, "no_client_group");
    }
    void unmatched_out(const Entry& e)
    {
        if (arguments_.includes(e.workday))
            put(e, "clock_out_without_clock_in");
    }
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.includes(e.workday))
            return;
        if (s.end_reason == EndReason::missing_clock_out)
            put(e, "missing_clock_out", &s);
        if (s.end_reason == EndReason::break_left_open)
            put(e, "break_left_open", &s);
        if (s.end_reason == EndReason::auto_clock_out && s.is_work())
            put(e, "auto_clock_out", &s);
        if (s.is_work() && s.length() > rules_.long_session)
            put(e, "long_session", &s);
    }

  private:
    // May ereport.
    void put(const Entry& e, const char* code, const Session* session = nullptr)
    {
        code_.set(code);
        output_.put(DateADTGetDatum(e.workday))
            .put(Int32GetDatum(e.agent))
            .put_id(e.client_group)
            .put(code_.datum())
            .put(TimestampTzGetDatum(e.time));
        if (session)
            output_.put(Int64GetDatum(session->seconds()));
        else
            output_.put_null();
        output_.put(PointerGetDatum(e.id.data())).end_row();
    }

    const Arguments& arguments_;
    const Rules& rules_;
    Output& output_;
    ShortText code_;
    int32_t agent_ = 0;
    std::unordered_set<Day> without_group_;
};

} // namespace timesheet::server
