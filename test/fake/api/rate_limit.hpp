#pragma once

#include "values/instant.hpp"

#include <mutex>

namespace fake
{

// Lets a number of requests through in a window of one second. The first request after a window's
// end starts the next one. Safe from any thread.
class RateLimit
{
  public:
    struct Decision {
        bool allowed;
        // Requests that this window will still let through.
        int remaining;
        // The window's end.
        Micros reset;
    };

    // With 0 there is no limit, and nothing may be counted.
    explicit RateLimit(int requests_per_second) : requests_per_second_(requests_per_second) {}

    bool is_on() const { return requests_per_second_ > 0; }

    // Counts a request that comes now.
    Decision count();

  private:
    const int requests_per_second_;
    std::mutex mutex_;
    Micros window_start_ = 0;
    int used_ = 0;
};

} // namespace fake
