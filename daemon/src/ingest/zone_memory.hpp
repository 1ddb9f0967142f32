// What a process has learned of people whose time zone Jibble does not name.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "text/guid.hpp"

namespace timesheetd
{

class ZoneMemory
{
  public:
    using Clock = std::chrono::steady_clock;

    // The people that time tracking lists. Once these are others, an answer may be another one too.
    void set_listed(std::vector<Guid> people);
    void asked_in_vain(const Guid& person, Clock::time_point now) { in_vain_[person] = now; }
    // Whether asking again may help: it was not tried before, or not for a day.
    bool is_due(const Guid& person, Clock::time_point now) const;

    // Whether this is the first warning of its cause.
    bool warns_first(const std::string& cause) { return warned_of_.insert(cause).second; }

  private:
    std::vector<Guid> listed_;
    std::map<Guid, Clock::time_point> in_vain_;
    std::set<std::string> warned_of_;
};

} // namespace timesheetd
