// Tries again, by a policy, what may go better then.
#pragma once

#include <random>
#include <string>

#include "http/retry_policy.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"

namespace timesheetd
{

class Retrier
{
  public:
    // `remedy` is what to look at once every attempt failed.
    Retrier(const RetryPolicy& policy, std::string remedy)
        : policy_(policy), remedy_(std::move(remedy))
    {
    }

    // What the attempt returns, or its Failure. Throws Failure once the attempts are used up, or
    // where the other side asks to wait for longer than the policy allows.
    template <class Attempt>
    auto operator()(const std::string& what, Attempt attempt)
    {
        for (int number = 1;; ++number) {
            try {
                return attempt();
            } catch (const TransientFailure& e) {
                if (number == policy_.attempts)
                    throw LastingFailure(
                        e.status,
                        fmt::format("{}: {}; gave up after {} attempts", what, e.what(), number),
                        remedy_ + ", then start again");
                if (e.wait > policy_.max_wait)
                    throw Failure(fmt::format(
                        "{}: {}, and asks to wait {} s; start again after that", what, e.what(),
                        std::chrono::ceil<std::chrono::seconds>(e.wait).count()));
                auto delay = policy_.delay(number + 1, random(), e.wait);
                log::warn("{}: {}; attempt {} of {} in {:.1f} s", what, e.what(), number + 1,
                          policy_.attempts, static_cast<double>(delay.count()) / 1000);
                sleep_unless_stopped(delay);
            }
        }
    }

  private:
    double random() { return std::uniform_real_distribution<double>(0, 1)(engine_); }

    const RetryPolicy& policy_;
    std::string remedy_;
    std::minstd_rand engine_{std::random_device{}()};
};

} // namespace timesheetd
