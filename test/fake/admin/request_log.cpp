#include "admin/request_log.hpp"

#include "values/json_writer.hpp"

namespace fake
{

void RequestLog::add(Entry entry)
{
    std::lock_guard lock(mutex_);
    entries_.push_back(std::move(entry));
}

void RequestLog::clear()
{
    std::lock_guard lock(mutex_);
    entries_.clear();
}

std::string RequestLog::json() const
{
    std::lock_guard lock(mutex_);
    std::string out = "[";
    for (const Entry& entry : entries_) {
        JsonObject object;
        object.text("method", entry.method);
        object.text("path", entry.path);
        object.text("query", entry.query);
        object.number("status", entry.status);
        out += out.size() == 1 ? "" : ",";
        out += object.finish();
    }
    return out + "]";
}

} // namespace fake
