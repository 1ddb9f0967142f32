#include "admin/insertions.hpp"

namespace fake
{

void Insertions::add(std::string resource, long long after_requests, RawObject object)
{
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(resource), after_requests, std::move(object)});
}

std::vector<RawObject> Insertions::take(const std::string& resource)
{
    std::lock_guard lock(mutex_);
    std::vector<RawObject> due;
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
        if (waiting->resource == resource && waiting->requests-- == 0) {
            due.push_back(std::move(waiting->object));
            waiting = waiting_.erase(waiting);
        } else {
            ++waiting;
        }
    }
    return due;
}

} // namespace fake
