#include "api/rate_limit.hpp"

#include <chrono>

namespace fake
{

namespace
{

// Clients compare the window's end with their own clock, so it is the wall clock that counts.
Micros wall_clock()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

RateLimit::Decision RateLimit::count()
{
    std::lock_guard lock(mutex_);
    Micros now = wall_clock();
    // The clock may have been set back.
    if (now < window_start_ || now >= window_start_ + seconds) {
        window_start_ = now;
        used_ = 0;
    }
    bool allowed = used_ < requests_per_second_;
    used_ += allowed ? 1 : 0;
    return {allowed, requests_per_second_ - used_, window_start_ + seconds};
}

} // namespace fake
