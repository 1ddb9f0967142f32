#include "ingest/zone_memory.hpp"

#include <algorithm>

namespace timesheetd
{

namespace
{

constexpr std::chrono::hours asked_again_after(24);

} // namespace

void ZoneMemory::set_listed(std::vector<Guid> people)
{
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    if (people != listed_)
        in_vain_.clear();
    listed_ = std::move(people);
}

bool ZoneMemory::is_due(const Guid& person, Clock::time_point now) const
{
    auto asked = in_vain_.find(person);
    return asked == in_vain_.end() || now - asked->second >= asked_again_after;
}

} // namespace timesheetd
