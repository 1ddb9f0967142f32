// Rules R5 to R8: from an agent's events in session order (R2) to sessions.
//
// The machine holds one open entry, e. The next event of the same agent, n, settles it. The cases,
// time running to the right, | the end of e's workday, M the end of max_session, ... nothing:
//
//   A   e=====n                    n closes e at its own time
//   B   e=====|==n                 work, work: past the workday's end, not long after: n closes e
//   C   e=====|      n             work, work, longer than overnight_switch: ends at |, incomplete
//   D   e=====|======o             an out closes work however far past the workday's end
//   E   b=====n                    a break ended within overnight_switch
//   F   b            n             a break, longer than overnight_switch: no length, incomplete
//   G   e=====|   M    n           n is later than max_session: as if there were none
//   H   e=====as_of    M           nothing yet, and max_session has not passed: running
//   I   e=====|   M      as_of     nothing within max_session: ends at |, or at M if earlier
//   J   b              M as_of     a break with nothing after it: no length, incomplete
//
// as_of right of M: it was asked later than M.
// Under missing_clock_out = zero, the ends at | and M in C, G and I are at e itself.
//
// Under activity_after_break = carried_on (R8), work without an activity takes that of the work
// before its breaks, each event closed by the next and all of one workday and client group:
//
//   K   A====b1==b2==w====         w takes A
//   L   A====b1==w====b2==w2       w takes A, and w2 takes it on
//   M   A====b1==o   w             something other than a break is between: w stays without
#pragma once

#include <algorithm>

#include "entry.hpp"

namespace timesheet
{

// Sink must have: session(const Session&), unmatched_out(const Entry&).
template <class Sink>
class SessionMachine
{
  public:
    SessionMachine(const Rules& rules, Sink& sink) : rules_(rules), sink_(sink) {}

    // Where the next entry is to be written before push(): it is not copied again.
    Entry& next() { return entries_[1 - open_index_]; }

    // Takes what is in next(). Entries must come in session order: by agent, then R2.
    void push()
    {
        const Entry& n = next();
        if (n.kind == Kind::other) // R1: stored, but no event to the engine
            return;
        bool closes = false;
        if (has_open_) {
            if (open().agent == n.agent)
                closes = settle(&n);
            else
                settle(nullptr);
        }
        if (rules_.carries_activity_on)
            carry_on(closes);
        if (n.kind == Kind::out) {
            has_open_ = false;
            if (!closes)
                sink_.unmatched_out(n); // R13: an out that closes nothing
        } else {
            open_index_ = 1 - open_index_;
            has_open_ = true;
        }
    }

    // Settles the last open entry; the machine can then be used for another stream.
    void finish()
    {
        if (has_open_)
            settle(nullptr);
        has_open_ = false;
    }

  private:
    const Entry& open() const { return entries_[open_index_]; }

    // R5: whether n, within max_session of e, is likelier to end e than a forgotten event is.
    bool closes(const Entry& e, const Entry& n) const
    {
        const bool is_late = n.time - e.time > rules_.overnight_switch;
        if (e.kind == Kind::break_)
            return !is_late;
        return !(n.kind == Kind::work && n.time > e.workday_end && is_late);
    }

    // R8: what next() inherits from the open entry, before next() becomes the open one.
    void carry_on(bool closes)
    {
        const Entry& e = open();
        Entry& n = next();
        if (!closes || n.workday != e.workday || n.client_group != e.client_group)
            carried_ = no_id;
        else if (e.kind == Kind::work)
            carried_ = n.kind == Kind::break_ ? e.activity : no_id;
        else if (n.kind == Kind::work && n.activity == no_id)
            n.activity = carried_;
    }

    // Emits the open entry's session; true if n closed it.
    bool settle(const Entry* n)
    {
        const Entry& e = open();
        const Instant limit = e.time + rules_.max_session;
        if (n && n->time > limit)
            n = nullptr;
        if (n && closes(e, *n)) {
            sink_.session({&e, n->time, reason_of(*n)});
            return true;
        }
        if (!n && rules_.as_of < limit) {
            sink_.session({&e, std::max(e.time, rules_.as_of), EndReason::running});
            return false;
        }
        if (e.kind == Kind::break_) {
            sink_.session({&e, e.time, EndReason::break_left_open});
            return false;
        }
        Instant end = e.time;
        if (rules_.missing_clock_out_is_day_end) {
            end = std::min(e.workday_end, limit);
            if (n)
                end = std::min(end, n->time);
        }
        sink_.session({&e, end, EndReason::missing_clock_out});
        return false;
    }

    // R7, for a session that n closed.
    static EndReason reason_of(const Entry& n)
    {
        switch (n.kind) {
        case Kind::work:
            return EndReason::next_activity;
        case Kind::break_:
            return EndReason::break_;
        default:
            return n.is_auto_out ? EndReason::auto_clock_out : EndReason::clock_out;
        }
    }

    const Rules rules_;
    Sink& sink_;
    Entry entries_[2]{}; // the open one and the next
    int open_index_ = 0;
    bool has_open_ = false;
    OptionalId carried_ = no_id; // while a break is open: the activity of the work before it
};

} // namespace timesheet
