// Under a time limit: how many days a slice may have to be read before the time is up.
#pragma once

#include <chrono>

namespace timesheetd
{

// Of a slice whose entries are read since `elapsed`, of which a `share` (0 to 1) came so far, and
// `left` is left: the days that a slice may have which begins now; 0 if this one fits, or where
// nothing can be said yet. Half of the time is for reading, half for deriving and what comes in
// between.
long fitting_days(long days, std::chrono::duration<double> elapsed, double share,
                  std::chrono::duration<double> left);

// The next slice, of a pass whose slices have at most `longest` days, after one of `days` took
// `took` with `left` left after it: twice as many days where even three such would fit.
long next_slice_days(long days, long longest, std::chrono::duration<double> took,
                     std::chrono::duration<double> left);

} // namespace timesheetd
