// Keeps secrets out of what is shown: every log line and every error passes through it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace timesheetd
{

class Scrubber
{
  public:
    // From now on scrub() hides this text, also as base64 (wherever in it), percent-encoded or
    // escaped as JSON; another secret of the same name takes its place.
    void hide(const std::string& name, const std::string& secret);
    // The text with every known secret replaced by ***.
    std::string scrub(std::string text) const;

  private:
    struct Form {
        std::string text;
        bool is_base64; // its neighbours in the same alphabet hold bits of it too
    };
    static std::vector<Form> forms_of(const std::string& secret);

    std::map<std::string, std::vector<Form>> secrets_;
};

// The one that the log uses.
Scrubber& scrubber();

} // namespace timesheetd
