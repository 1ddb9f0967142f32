// timesheetd digest preview: what a contact would get.
#pragma once

#include <optional>
#include <string>

#include "configuration/configuration.hpp"
#include "jibble/calendar.hpp"

namespace timesheetd
{

enum class DigestFormat { text, html, json };

// Prints a contact's digest for the week that holds the day, by default the last one; sends
// nothing.
void preview_digest(const Configuration& configuration, const std::string& contact,
                    std::optional<Date> week_of, DigestFormat format);

} // namespace timesheetd
