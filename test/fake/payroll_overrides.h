#pragma once

#include "instant.h"

#include <map>
#include <mutex>

namespace fake
{

/// Payroll hours that tests planted in place of a day's own. Safe from any thread.
class PayrollOverrides
{
  public:
    /// `person` is an index into the people.
    void set(std::size_t person, Days date, std::int64_t payroll_seconds);

    /// One person's overrides from `first` to `last`, both included, in seconds by date.
    std::map<Days, std::int64_t> between(std::size_t person, Days first, Days last) const;

  private:
    mutable std::mutex mutex_;
    std::map<std::size_t, std::map<Days, std::int64_t>> by_person_;
};

} // namespace fake
