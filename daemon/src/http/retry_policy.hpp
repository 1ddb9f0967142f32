// How often and how patiently to try again.
#pragma once

#include <chrono>

namespace timesheetd
{

struct RetryPolicy {
    int attempts;
    std::chrono::milliseconds base;
    double factor;
    std::chrono::milliseconds cap;
    std::chrono::milliseconds max_wait; // of those that the other side may ask for

    // Before attempt `next` (2 is the first that needs a wait): between nothing and the growing
    // bound, by `random` in [0, 1), so that many clients do not come back at once. At least
    // `asked`, up to max_wait.
    std::chrono::milliseconds delay(int next, double random,
                                    std::chrono::milliseconds asked = {}) const;
};

constexpr RetryPolicy service_retries{5, std::chrono::milliseconds(500), 2.0,
                                      std::chrono::seconds(30), std::chrono::minutes(15)};

} // namespace timesheetd
