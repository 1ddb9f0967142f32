// The rows of timesheet.native_notes().
#pragma once

#include <unordered_set>

#include "../engine/entry.hpp"
#include "arguments.hpp"
#include "output.hpp"

namespace timesheet::server
{

// R13, from sessions and their absence; those of single entries are in timesheet.entry_notes().
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
            put(e, "no_client_group", "the agent was in no client group");
    }
    void unmatched_out(const Entry& e)
    {
        if (arguments_.includes(e.workday))
            put(e, "clock_out_without_clock_in", "nothing was open to clock out of");
    }
    void session(const Session& s)
    {
        const Entry& e = *s.entry;
        if (!arguments_.includes(e.workday))
            return;
        if (s.end_reason == EndReason::missing_clock_out)
            put(e, "missing_clock_out", "no clock-out; counted %s", s.seconds());
        if (s.end_reason == EndReason::break_left_open)
            put(e, "break_left_open", "the break has no end; counted %s", s.seconds());
        if (s.end_reason == EndReason::auto_clock_out && s.is_work())
            put(e, "auto_clock_out", "Jibble clocked out by itself; counted %s", s.seconds());
        if (s.is_work() && s.length() > rules_.long_session)
            put(e, "long_session", "work of %s, longer than %s", s.seconds(),
                rules_.long_session / microseconds_per_second);
    }

  private:
    // The detail may name one or two lengths, as hours:minutes:seconds. May ereport.
    void put(const Entry& e, const char* code, const char* detail, int64_t first = 0,
             int64_t second = 0)
    {
        char lengths[2][32];
        int64_t seconds[] = {first, second};
        for (int i = 0; i < 2; i++)
            pg_snprintf(lengths[i], sizeof lengths[i], "%lld:%02d:%02d",
                        static_cast<long long>(seconds[i] / 3600),
                        static_cast<int>(seconds[i] / 60 % 60), static_cast<int>(seconds[i] % 60));
        char text[60];
        pg_snprintf(text, sizeof text, detail, lengths[0], lengths[1]);
        code_.set(code);
        detail_.set(text);
        output_.put(DateADTGetDatum(e.workday))
            .put(Int32GetDatum(e.agent))
            .put_id(e.client_group)
            .put(code_.datum())
            .put(TimestampTzGetDatum(e.time))
            .put(detail_.datum())
            .put(PointerGetDatum(e.id.data()))
            .end_row();
    }

    const Arguments& arguments_;
    const Rules& rules_;
    Output& output_;
    ShortText code_;
    ShortText detail_;
    int32_t agent_ = 0;
    std::unordered_set<Day> without_group_;
};

} // namespace timesheet::server
