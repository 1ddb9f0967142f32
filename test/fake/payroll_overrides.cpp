#include "payroll_overrides.h"

namespace fake
{

void PayrollOverrides::set(std::size_t person, Days date, std::int64_t payroll_seconds)
{
    std::lock_guard lock(mutex_);
    by_person_[person][date] = payroll_seconds;
}

std::map<Days, std::int64_t> PayrollOverrides::between(std::size_t person, Days first,
                                                       Days last) const
{
    std::lock_guard lock(mutex_);
    auto found = by_person_.find(person);
    if (found == by_person_.end())
        return {};
    return {found->second.lower_bound(first), found->second.upper_bound(last)};
}

} // namespace fake
