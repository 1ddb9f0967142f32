// R10: seconds by day or week, client group and activity, summed for one agent at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "entry.hpp"

namespace timesheet
{

struct HoursRow {
    Day period;       // workday or first day of the week
    uint32_t earlier; // 1 + index of the row of this period that was made before, or 0
    OptionalId client_group;
    OptionalId activity;
    int64_t session_seconds;
    int64_t unconfirmed_seconds;
    int64_t break_seconds;
    uint32_t all_sessions;
    uint32_t all_incomplete;
    // Exact, as the sql engine's numeric is: only the whole sum has to fit.
    __int128 all_manual_seconds;

    int64_t manual_seconds() const { return narrowed<int64_t>(all_manual_seconds); }
    int64_t work_seconds() const
    {
        return narrowed<int64_t>(__int128{session_seconds} + manual_seconds());
    }
    int32_t session_count() const { return narrowed<int32_t>(all_sessions); }
    int32_t incomplete_count() const { return narrowed<int32_t>(all_incomplete); }

  private:
    template <class To>
    static To narrowed(__int128 sum)
    {
        if (sum != static_cast<To>(sum))
            throw_out_of_range(sizeof(To) == 8 ? "bigint out of range" : "integer out of range");
        return static_cast<To>(sum);
    }
};

// Keeps its memory from agent to agent, so that rows allocate nothing. The rows of a period form a
// chain, latest first: sessions come in order of time, so the wanted row is mostly at hand.
class Hours
{
  public:
    Hours();

    void add_session(Day period, const Session& session)
    {
        HoursRow& r = row(period, session.entry->client_group, session.entry->activity);
        const int64_t seconds = session.seconds();
        if (!session.is_work()) {
            r.break_seconds += seconds;
            return;
        }
        r.session_seconds += seconds;
        r.all_sessions++;
        // R10: unconfirmed work is also summed separately.
        if (session.end_reason == EndReason::missing_clock_out)
            r.all_incomplete++;
        if (session.is_unconfirmed())
            r.unconfirmed_seconds += seconds;
    }
    void add_manual(Day period, OptionalId client_group, OptionalId activity, int64_t seconds)
    {
        HoursRow& r = row(period, client_group, activity);
        r.all_manual_seconds += seconds;
    }

    const std::vector<HoursRow>& rows() const { return rows_; }
    void clear();

  private:
    // A period and 1 + index of its latest row; an empty slot has latest 0.
    struct Chain {
        Day period;
        uint32_t latest;
    };

    HoursRow& row(Day period, OptionalId client_group, OptionalId activity)
    {
        if (!last_chain_ || last_chain_->period != period)
            last_chain_ = &chain_of(period);
        for (uint32_t i = last_chain_->latest; i != 0; i = rows_[i - 1].earlier) {
            HoursRow& r = rows_[i - 1];
            if (r.activity == activity && r.client_group == client_group)
                return r;
        }
        return new_row(period, client_group, activity);
    }
    HoursRow& new_row(Day period, OptionalId client_group, OptionalId activity);
    Chain& chain_of(Day period);
    void grow();

    std::vector<HoursRow> rows_;
    std::vector<Chain> chains_; // a hash table, at most half full
    size_t chain_count_ = 0;
    Chain* last_chain_ = nullptr;
};

} // namespace timesheet
