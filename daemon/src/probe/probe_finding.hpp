// What `probe` says of one thing that Jibble's documentation leaves open.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace timesheetd
{

struct Finding {
    const char* id;
    std::string assumed; // what the daemon's first form of asking assumes
    std::string seen;    // what this account did; where it has no data for it, what is missing
    std::optional<bool> holds; // nothing where this account has no data for it
    bool affects_hours;        // whether hours would be wrong if the daemon only had its first form
    std::string follows;       // for the hours, and what the daemon does about it
    bool has_second_way = true; // that is as exact as the first; says `follows`
};

using Findings = std::vector<Finding>;

// Of those parts of one finding that were tried: no if one failed, yes if one held and none failed.
class Verdict
{
  public:
    void held() { any_held_ = true; }
    void failed() { any_failed_ = true; }
    std::optional<bool> holds() const
    {
        if (any_failed_)
            return false;
        return any_held_ ? std::optional(true) : std::nullopt;
    }

  private:
    bool any_held_ = false;
    bool any_failed_ = false;
};

} // namespace timesheetd
