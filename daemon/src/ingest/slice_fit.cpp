#include "ingest/slice_fit.hpp"

#include <algorithm>

namespace timesheetd
{

long fitting_days(long days, std::chrono::duration<double> elapsed, double share,
                  std::chrono::duration<double> left)
{
    if (share <= 0 || share >= 1 || days < 2)
        return 0;
    double all_s = elapsed.count() / share;
    if (all_s - elapsed.count() < left.count())
        return 0;
    auto fit = static_cast<long>(static_cast<double>(days) * left.count() / 2 / all_s);
    return std::clamp(fit, 1L, days - 1);
}

long next_slice_days(long days, long longest, std::chrono::duration<double> took,
                     std::chrono::duration<double> left)
{
    return 3 * took < left ? std::min(2 * days, longest) : days;
}

} // namespace timesheetd
