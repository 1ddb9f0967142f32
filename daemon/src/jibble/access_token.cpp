#include "jibble/access_token.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "http/api_error.hpp"
#include "process/failure.hpp"
#include "process/scrubber.hpp"
#include "text/json_answer.hpp"

namespace timesheetd
{

namespace
{

constexpr std::int64_t usual_validity_s = 3600;
constexpr std::int64_t max_validity_s = 86400;
// Renewed a little before its end, so that it does not expire on the way.
constexpr std::int64_t max_margin_s = 60;
constexpr std::size_t max_token = 16 << 10;

// The form b64token of RFC 6750. Anything else, such as a line end, would end the header that it is
// in.
bool is_bearer_token(std::string_view text)
{
    std::size_t end = text.find_last_not_of('=') + 1;
    return end > 0 && text.size() <= max_token &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("-._~+/").find(c) != std::string_view::npos;
           });
}

} // namespace

AccessToken::AccessToken(std::string identity_url, std::string client_id, std::string client_secret)
    : identity_url_(std::move(identity_url)), client_id_(std::move(client_id)),
      client_secret_(std::move(client_secret))
{
}

HttpRequest AccessToken::request() const
{
    HttpRequest request;
    request.url = identity_url_ + "/connect/token";
    request.bound = {"Jibble's identity service", short_answer.bytes, "check JIBBLE_IDENTITY_URL"};
    request.form = "grant_type=client_credentials&client_id=" + percent_encoded(client_id_) +
                   "&client_secret=" + percent_encoded(client_secret_);
    return request;
}

void AccessToken::accept(const HttpResponse& answer, Clock::time_point now)
{
    ApiError error = parse_api_error(answer);
    if (error.code == "invalid_client" || error.code == "unauthorized_client" ||
        answer.status == 401)
        throw Failure("Jibble refused the credentials; check JIBBLE_CLIENT_ID and "
                      "JIBBLE_CLIENT_SECRET");
    if (answer.status != 200)
        throw Failure(fmt::format("Jibble's identity service answered {}; check "
                                  "JIBBLE_IDENTITY_URL and the credentials",
                                  error.text));

    rapidjson::Document document;
    if (JsonProblem why = parse_json_object(document, answer.body, short_answer); !why.empty())
        throw TransientFailure("malformed answer: a token was expected; " + why.text);
    auto token = document.FindMember("access_token");
    if (token == document.MemberEnd() || !token->value.IsString() ||
        token->value.GetStringLength() == 0)
        throw TransientFailure("malformed answer: it has no access_token");
    std::string given(token->value.GetString(), token->value.GetStringLength());
    if (!is_bearer_token(given))
        throw TransientFailure(fmt::format("malformed answer: its access_token of {} bytes is not "
                                           "a bearer token (not shown); check "
                                           "JIBBLE_IDENTITY_URL",
                                           given.size()));
    token_ = std::move(given);
    scrubber().hide("Jibble access token", token_);

    std::int64_t seconds = usual_validity_s;
    auto validity = document.FindMember("expires_in");
    if (validity != document.MemberEnd() && validity->value.IsInt64())
        seconds = std::clamp<std::int64_t>(validity->value.GetInt64(), 0, max_validity_s);
    valid_until_ = now + std::chrono::seconds(seconds - std::min(max_margin_s, seconds / 5));
}

} // namespace timesheetd
