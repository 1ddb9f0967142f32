#include "probe/probe_client.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "http/api_error.hpp"
#include "http/retry_policy.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr JsonBounds page_bounds{16 * mebibyte, 32, 1'000'000};
constexpr RetryPolicy retries{5, std::chrono::milliseconds(500), 2.0, std::chrono::seconds(30),
                              std::chrono::minutes(2)};
// A form that Jibble cannot serve is answered 500 each time; a second try shows whether it was an
// accident.
constexpr int attempts_of_500 = 2;
constexpr int attempts_without_answer = 3;

struct RequestsUsedUp {
};

// Of no use for this question alone.
struct UselessAnswer {
    std::string why;
};

// Nothing more is asked of the host, or of Jibble where there is no token.
struct OutOfReach {
    std::string why;
};

int attempts_of(long status)
{
    return status == 429 ? retries.attempts : attempts_without_answer;
}

} // namespace

rapidjson::Value::ConstArray ProbeAnswer::rows() const
{
    const rapidjson::Value& root = *document_;
    return (is_bare_array ? root : root["value"]).GetArray();
}

ProbeClient::ProbeClient(const Configuration& configuration)
    : token_(configuration.text("JIBBLE_IDENTITY_URL"), configuration.text("JIBBLE_CLIENT_ID"),
             configuration.text("JIBBLE_CLIENT_SECRET")),
      hosts_{{configuration.text("JIBBLE_WORKSPACE_URL")},
             {configuration.text("JIBBLE_TIME_TRACKING_URL")},
             {configuration.text("JIBBLE_TIME_ATTENDANCE_URL")}},
      rate_limit_(configuration.decimal("JIBBLE_REQUESTS_PER_SECOND"))
{
}

ProbeAnswer ProbeClient::get(JibbleHost host, const std::string& resource, const std::string& query,
                             const std::string& label)
{
    Host& asked_host = hosts_[static_cast<std::size_t>(host)];
    ProbeAnswer answer;
    try {
        if (!asked_host.why_down.empty())
            throw OutOfReach{asked_host.why_down};
        answer = asked(asked_host, asked_host.url + "/v1/" + resource + "?" + query);
    } catch (const RequestsUsedUp&) {
        answer.kind = ProbeAnswer::Kind::not_asked;
        answer.why =
            fmt::format("was not asked for: the {} requests are exhausted", max_probe_requests);
    } catch (const OutOfReach& e) {
        answer.kind = ProbeAnswer::Kind::unusable;
        answer.why = "could not be asked for: " + e.why;
    } catch (const UselessAnswer& e) {
        answer.kind = ProbeAnswer::Kind::unusable;
        answer.why = e.why;
    }
    if (answer.has_rows())
        log::debug("{} ({}): {} rows", resource, label, answer.size());
    else
        log::debug("{} ({}) {}", resource, label, answer.why);
    was_answered_ = was_answered_ || answer.has_rows();
    if (answer.kind != ProbeAnswer::Kind::not_asked) {
        auto [list, is_first] = read_.try_emplace({host, resource}, resource + " " + answer.why);
        if (answer.has_rows())
            list->second.clear();
    }
    return answer;
}

std::optional<std::string> ProbeClient::why_never_read(JibbleHost host,
                                                       const std::string& resource) const
{
    auto list = read_.find({host, resource});
    if (list == read_.end() || list->second.empty())
        return std::nullopt;
    return list->second;
}

bool ProbeClient::was_read(JibbleHost host, const std::string& resource) const
{
    auto list = read_.find({host, resource});
    return list != read_.end() && list->second.empty();
}

ProbeAnswer ProbeClient::asked(Host& host, const std::string& url)
{
    try {
        ensure_token();
    } catch (const OutOfReach& e) {
        why_no_token_ = e.why;
        throw;
    } catch (const UselessAnswer& e) {
        why_no_token_ = "Jibble's identity service " + e.why;
        throw OutOfReach{why_no_token_};
    }
    try {
        ProbeAnswer answer = parsed(authorized(url));
        if (answer.kind == ProbeAnswer::Kind::unusable) // half a page may come whole the next time
            answer = parsed(authorized(url));
        return answer;
    } catch (const OutOfReach& e) {
        host.why_down = e.why;
        throw;
    }
}

HttpResponse ProbeClient::authorized(const std::string& url)
{
    HttpRequest request;
    request.url = url;
    request.bound = {"Jibble", page_bounds.bytes, "check the JIBBLE_…_URL variables"};
    request.bearer = token_.text();
    HttpResponse response = attempt(request);
    if (response.status != 401)
        return response;
    token_.forget();
    ensure_token();
    request.bearer = token_.text();
    return attempt(request);
}

void ProbeClient::ensure_token()
{
    if (!why_no_token_.empty())
        throw OutOfReach{why_no_token_};
    if (token_.is_valid(AccessToken::Clock::now()))
        return;
    HttpResponse response = attempt(token_.request());
    // What the service says besides its status may name a person, so it goes no further.
    if (response.status != 200) {
        note_trouble(fmt::format("Jibble refused the credentials with {}; check JIBBLE_CLIENT_ID, "
                                 "JIBBLE_CLIENT_SECRET and JIBBLE_IDENTITY_URL",
                                 response.status));
        throw OutOfReach{fmt::format("Jibble refused the credentials with {}", response.status)};
    }
    try {
        token_.accept(response, AccessToken::Clock::now());
    } catch (const std::exception&) {
        note_trouble("Jibble's identity service gave no access token; check JIBBLE_IDENTITY_URL");
        throw OutOfReach{"Jibble's identity service gave no access token"};
    }
}

// Again where that may help; the last answer counts.
HttpResponse ProbeClient::attempt(const HttpRequest& request)
{
    for (int number = 1;; ++number) {
        std::string why;
        std::chrono::milliseconds retry_after{};
        try {
            HttpResponse response = perform(request);
            if (response.status == 500 && number >= attempts_of_500)
                return response;
            if (!is_transient_status(response.status))
                return response;
            why = fmt::format("Jibble answered {}", response.status);
            retry_after = response.retry_after;
            if (retry_after > retries.max_wait) {
                why += fmt::format(" and asks to wait {} s",
                                   std::chrono::ceil<std::chrono::seconds>(retry_after).count());
                note_trouble(why + "; start again after that");
                throw OutOfReach{why};
            }
            if (response.status != 500 && number >= attempts_of(response.status)) {
                note_trouble(why + "; check Jibble's status, then start again");
                throw OutOfReach{why};
            }
        } catch (const NoAnswer& e) {
            why = "no answer came";
            log::debug("no answer: {}", one_line(e.what()));
            if (number >= attempts_without_answer) {
                note_trouble(fmt::format("no answer came ({}); check the network and the "
                                         "JIBBLE_…_URL variables",
                                         one_line(e.what())));
                throw OutOfReach{why};
            }
        } catch (const Stopped&) {
            throw;
        } catch (const Failure& e) { // certificates, or an answer too large to be one
            note_trouble(one_line(e.what()));
            throw UselessAnswer{"got no answer that can be read"};
        }
        double random = std::uniform_real_distribution<double>(0, 1)(random_);
        auto delay = retries.delay(number + 1, random, retry_after);
        log::info("{}; asking again in {:.1f} s", why, static_cast<double>(delay.count()) / 1000);
        sleep_unless_stopped(delay);
    }
}

void ProbeClient::reserve_question(JibbleHost host, const std::string& resource)
{
    reserved_.emplace_back(host, resource);
}

int ProbeClient::reserve() const
{
    int lists = 0;
    for (const auto& [host, resource] : reserved_)
        lists += !was_read(host, resource);
    return lists * attempts_of_500;
}

// The only place that sends requests, so that all of this command's requests are counted.
HttpResponse ProbeClient::perform(const HttpRequest& request)
{
    if (requests_ >= max_probe_requests - reserve())
        throw RequestsUsedUp{};
    ++requests_;
    HttpRequest counted = request;
    counted.is_counted = true;
    auto wait = rate_limit_.reserve(RateLimit::Clock::now());
    sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(wait));
    HttpResponse response = http_.perform(counted);
    if (response.is_rate_limit_exhausted)
        rate_limit_.hold(RateLimit::Clock::now(), std::min(response.retry_after, retries.max_wait));
    return response;
}

ProbeAnswer ProbeClient::parsed(const HttpResponse& response)
{
    ProbeAnswer answer;
    if (response.status != 200) {
        answer.kind = ProbeAnswer::Kind::refused;
        answer.why = fmt::format("was refused with {}", response.status);
        return answer;
    }
    answer.kind = ProbeAnswer::Kind::unusable;
    answer.why = "was answered with something that is not a list";
    auto document = std::make_shared<rapidjson::Document>();
    if (!parse_json(*document, response.body, page_bounds).empty())
        return answer;
    answer.is_bare_array = document->IsArray();
    if (document->IsObject()) {
        auto value = document->FindMember("value");
        if (value == document->MemberEnd() || !value->value.IsArray())
            return answer;
        auto count = document->FindMember("@odata.count");
        if (count != document->MemberEnd() && count->value.IsUint64())
            answer.count = count->value.GetUint64();
    } else if (!answer.is_bare_array) {
        return answer;
    }
    answer.kind = ProbeAnswer::Kind::rows;
    answer.document_ = std::move(document);
    return answer;
}

void ProbeClient::note_trouble(const std::string& text)
{
    if (trouble_.empty())
        trouble_ = text;
    if (text != last_trouble_)
        log::warn("{}", text);
    last_trouble_ = text;
}

} // namespace timesheetd
