// What timesheetd check --send-test sends, to show that messages about trouble arrive.
#pragma once

#include <string>

#include "digest/mail_provider.hpp"

namespace timesheetd
{

std::string test_message_text();

// Each with a key of its own: nothing is a repetition of another.
Mail test_mail(const std::string& address);

} // namespace timesheetd
