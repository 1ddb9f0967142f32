// R10: seconds by day or week, client group and activity, summed for one agent at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "entry.hpp"

namespace timesheet
{

struct HoursRow {
    Day period; // workday or first day of the week
    OptionalId client_group;
    OptionalId activity;
    int64_t work_seconds; // manual seconds included
    int64_t unconfirmed_seconds;
    int64_t break_seconds;
    int64_t manual_seconds;
    int32_t session_count;
    int32_t incomplete_count;
};

// A hash table that keeps its memory from agent to agent, so that rows allocate nothing.
class Hours
{
  public:
    Hours();

    void add_session(Day period, const Session& session);
    void add_manual(Day period, OptionalId client_group, OptionalId activity, int64_t seconds);

    const std::vector<HoursRow>& rows() const { return rows_; }
    void clear();

  private:
    HoursRow& row(Day period, OptionalId client_group, OptionalId activity);
    size_t slot_of(Day period, OptionalId client_group, OptionalId activity) const;
    void grow();

    std::vector<HoursRow> rows_;
    std::vector<uint32_t> slots_; // 1 + index into rows_, or 0
};

} // namespace timesheet
