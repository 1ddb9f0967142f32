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
    int64_t work_seconds; // manual seconds included
    int64_t unconfirmed_seconds;
    int64_t break_seconds;
    int64_t manual_seconds;
    int32_t session_count;
    int32_t incomplete_count;
};

// Keeps its memory from agent to agent, so that rows allocate nothing. The rows of a period form a
// chain, latest first: sessions come in order of time, so the wanted row is mostly at hand.
class Hours
{
  public:
    Hours();

    void add_session(Day period, const Session& session);
    void add_manual(Day period, OptionalId client_group, OptionalId activity, int64_t seconds);

    const std::vector<HoursRow>& rows() const { return rows_; }
    void clear();

  private:
    // A period and 1 + index of its latest row; an empty slot has latest 0.
    struct Chain {
        Day period;
        uint32_t latest;
    };

    HoursRow& row(Day period, OptionalId client_group, OptionalId activity);
    Chain& chain_of(Day period);
    void grow();

    std::vector<HoursRow> rows_;
    std::vector<Chain> chains_; // a hash table, at most half full
    size_t chain_count_ = 0;
    Chain* last_chain_ = nullptr;
};

} // namespace timesheet
