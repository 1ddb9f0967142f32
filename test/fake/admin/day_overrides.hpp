#pragma once

#include "values/instant.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string_view>

namespace fake
{

// Figures to serve in place of a day's own.
struct DayOverride {
    std::optional<Micros> payroll;
    std::optional<Micros> tracked;
    std::optional<Micros> paid_break;
    std::optional<Micros> unpaid_break;

    // The one that is served under this name; null when there is none.
    std::optional<Micros>* figure(std::string_view name);

    // Takes over what another one gives.
    void add(const DayOverride& other);
};

// Figures that tests planted, by person and day. Safe from any thread.
class DayOverrides
{
  public:
    // `person` is an index into the people. What was set before and is not set again stays.
    void set(std::size_t person, Days date, const DayOverride& day);

    // One person's overrides from `first` to `last`, both included, by date.
    std::map<Days, DayOverride> between(std::size_t person, Days first, Days last) const;

  private:
    mutable std::mutex mutex_;
    std::map<std::size_t, std::map<Days, DayOverride>> by_person_;
};

} // namespace fake
