// The configuration: environment variables, and optionally a file of KEY=VALUE lines.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "process/log.hpp"

namespace timesheetd
{

using Variables = std::map<std::string, std::string>;

// Those of our variables that the environment has; an empty one counts as not set.
Variables variables_from_environment();
// Throws WrongUsage if the file cannot be read or trusted, or has a key that is no variable of
// ours. `warning`: what to log once there is a log; "" if nothing.
Variables variables_from_file(const std::string& path, std::string* warning = nullptr);

// A line for each variable, for --help: its name, what it is, its default.
std::string variables_help();

// Every value that is set is checked, for every command, so that a mistake shows at once.
class Configuration
{
  public:
    // Registers the secrets with the scrubber first. Throws WrongUsage naming the variable.
    explicit Configuration(Variables given);

    // Throws WrongUsage naming the first of these that has no value.
    void require(const std::vector<const char*>& names) const;

    // The value or the default, "" if there is neither. URLs come without trailing slashes, but for
    // those that are secrets.
    const std::string& text(const std::string& name) const;
    long integer(const std::string& name) const;
    double decimal(const std::string& name) const;
    // In lower case, each once; none if it has no value.
    std::vector<std::string> addresses(const std::string& name) const;

  private:
    Variables values_;
};

// Read before everything else, so that a complaint about the rest has the wanted format.
log::Level log_level_of(const Variables& given);
LogFormat log_format_of(const Variables& given);

} // namespace timesheetd
