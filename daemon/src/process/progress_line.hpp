// How a progress bar reads.
#pragma once

#include <cstdint>
#include <string>

#include "jibble/calendar.hpp"

namespace timesheetd
{

struct ProgressState {
    std::string what;
    double share = 0; // done, from 0 to 1
    std::uint64_t entries = 0;
    double seconds = 0; // since the beginning
    Window slice{};
};

// backfill  [#########-----]  64 %  18,432 entries  2,310/s  0:08 left  2026-10-05…2026-11-01
//
// On at most `columns` columns: what does not fit is left off from the right.
std::string progress_line(const ProgressState& state, std::size_t columns);

} // namespace timesheetd
