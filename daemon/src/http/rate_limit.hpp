// Limits the requests per second, evenly spaced, and sends none while the other side asks to wait.
#pragma once

#include <chrono>

namespace timesheetd
{

class RateLimit
{
  public:
    using Clock = std::chrono::steady_clock;

    explicit RateLimit(double per_second)
        : spacing_(std::chrono::duration_cast<Clock::duration>(
              std::chrono::duration<double>(1 / per_second)))
    {
    }

    // How long a request must wait before it is sent; its place is taken.
    Clock::duration reserve(Clock::time_point now)
    {
        Clock::time_point start = now > next_ ? now : next_;
        next_ = start + spacing_;
        return start - now;
    }

    // No request is sent for this long, apart from the spacing.
    void hold(Clock::time_point now, Clock::duration duration)
    {
        if (next_ < now + duration)
            next_ = now + duration;
    }

    // From now on at least so much between two requests.
    void slow_down(Clock::time_point now, Clock::duration spacing)
    {
        if (spacing_ < spacing)
            spacing_ = spacing;
        hold(now, spacing);
    }

  private:
    Clock::duration spacing_;
    Clock::time_point next_{};
};

} // namespace timesheetd
