#include "http/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace timesheetd
{

std::chrono::milliseconds RetryPolicy::delay(int next, double random,
                                             std::chrono::milliseconds asked) const
{
    double bound = std::min(static_cast<double>(cap.count()),
                            static_cast<double>(base.count()) * std::pow(factor, next - 2));
    std::chrono::milliseconds jittered(static_cast<long long>(bound * random));
    return std::max(jittered, std::min(asked, max_wait));
}

} // namespace timesheetd
