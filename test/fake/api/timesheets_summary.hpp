#pragma once

#include "admin/day_overrides.hpp"
#include "api/query.hpp"
#include "organisation/truth.hpp"
#include "personality/personality.hpp"

#include <set>
#include <string>
#include <vector>

namespace fake
{

// Jibble's own totals per person and day. They come from the truth, so changing served objects
// does not change them; only erased people are gone. Read under the store's mutex.
class TimesheetsSummary
{
  public:
    // `personality` decides how they are counted and shown, and must outlive the summary.
    TimesheetsSummary(const Organisation& organisation, const Truth& truth,
                      const Personality& personality);

    // Host and resource of its path. No properties: it cannot be filtered, ordered or selected.
    static const Schema& schema();

    // One page: people with time in the period, by id. Throws ApiError for parameters that Jibble
    // would refuse. $top is cut to `page_cap`.
    std::string page(const Parameters& parameters, std::size_t page_cap) const;

    // Puts other figures in place of one day's own; false when there is no such person.
    bool override_day(const Guid& person, Days date, const DayOverride& day);

    // Forgets all that a person ever did. The caller keeps readers out.
    void erase_person(const Guid& person) { erased_.insert(person); }

  private:
    const Organisation& org_;
    const Truth& truth_;
    const Personality& personality_;
    // Indexes into the people.
    std::vector<std::size_t> people_by_id_;
    DayOverrides overrides_;
    std::set<Guid> erased_;
};

} // namespace fake
