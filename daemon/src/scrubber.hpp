// Keeps secrets out of whatever is shown: every log line and every error passes through it.
#pragma once

#include <map>
#include <string>

namespace timesheetd
{

class Scrubber
{
  public:
    // From now on scrub() hides this text; another secret of the same name takes its place.
    void hide(const std::string& name, const std::string& secret);
    // The text with every known secret replaced by ***.
    std::string scrub(std::string text) const;

  private:
    std::map<std::string, std::string> secrets_;
};

// The one that the log uses.
Scrubber& scrubber();

} // namespace timesheetd
