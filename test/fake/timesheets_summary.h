#pragma once

#include "payroll_overrides.h"
#include "query.h"
#include "truth.h"

#include <string>
#include <vector>

namespace fake
{

/// Jibble's own totals per person and day. They come from the truth, so changing served objects
/// does not change them. Safe from any thread.
class TimesheetsSummary
{
  public:
    TimesheetsSummary(const Organisation& organisation, const Truth& truth);

    /// Host and resource of its path. No properties: it cannot be filtered, ordered or selected.
    static const Schema& schema();

    /// The OData envelope of one page: people with time in the period, by id. Throws ApiError for
    /// parameters that Jibble would refuse. $top is cut to `page_cap`.
    std::string page(const Parameters& parameters, std::size_t page_cap) const;

    /// Puts another figure in place of one day's payrollHours; false when there is no such person.
    bool override_payroll(const Guid& person, Days date, std::int64_t payroll_seconds);

  private:
    const Organisation& org_;
    const Truth& truth_;
    /// Indexes into the people.
    std::vector<std::size_t> people_by_id_;
    PayrollOverrides overrides_;
};

} // namespace fake
