// The link by which a contact opens its own page on the portal. Its token is never stored: an
// e-mail is kept with a place holder, which the token replaces just before it is sent.
#pragma once

#include <string>
#include <string_view>

namespace timesheetd
{

// 43 characters: the HMAC-SHA-256 of the e-mail's idempotency key (a uuid, as text), as base64url.
// So each attempt has the same.
std::string portal_token(const std::string& secret, const std::string& idempotency_key);

// What the database keeps of a token, as the text of a bytea: its SHA-256.
std::string portal_token_sha256(const std::string& token);

// Without padding.
std::string base64url(std::string_view bytes);

// PORTAL_URL with the place holder. No name or text can hold one, as the key is random.
std::string portal_link(const std::string& portal_url, const std::string& idempotency_key);

bool has_portal_link(const std::string& text, const std::string& idempotency_key);

// The text with the token in each place, or without a token ("") with links to the portal alone.
std::string with_portal_token(std::string text, const std::string& idempotency_key,
                              const std::string& token);

} // namespace timesheetd
