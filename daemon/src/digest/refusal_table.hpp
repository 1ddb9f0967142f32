// Whose fault a provider's refusal is, and what follows: one table for Resend, Mailgun and Loops.
// docs/digests.md has it in plain words.
#pragma once

#include "digest/mail_provider.hpp"
#include "http/http_client.hpp"

namespace timesheetd
{

// The answer of a provider ("resend", "mailgun" or "loops") that did not accept an e-mail: its
// owner, what follows, and the provider's own text with the remedy.
MailAnswer read_refusal(const std::string& provider, const HttpResponse& answer);

// What to do about an e-mail that failed alone.
constexpr const char* send_again = "correct that and send it again with timesheet.resend_digest()";

} // namespace timesheetd
