#include "admin/day_overrides.hpp"

namespace fake
{

std::optional<Micros>* DayOverride::figure(std::string_view name)
{
    return name == "payrollHours"  ? &payroll
           : name == "tracked"     ? &tracked
           : name == "paidBreak"   ? &paid_break
           : name == "unpaidBreak" ? &unpaid_break
                                   : nullptr;
}

void DayOverride::add(const DayOverride& other)
{
    for (auto figure : {&DayOverride::payroll, &DayOverride::tracked, &DayOverride::paid_break,
                        &DayOverride::unpaid_break})
        if (other.*figure)
            this->*figure = other.*figure;
}

void DayOverrides::set(std::size_t person, Days date, const DayOverride& day)
{
    std::lock_guard lock(mutex_);
    by_person_[person][date].add(day);
}

std::map<Days, DayOverride> DayOverrides::between(std::size_t person, Days first, Days last) const
{
    std::lock_guard lock(mutex_);
    auto found = by_person_.find(person);
    if (found == by_person_.end())
        return {};
    return {found->second.lower_bound(first), found->second.upper_bound(last)};
}

} // namespace fake
