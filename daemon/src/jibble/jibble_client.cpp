#include "jibble/jibble_client.hpp"

#include <algorithm>

#include "http/api_error.hpp"
#include "jibble/odata_page.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

RefusedByJibble refusal(const Resource& resource, const HttpResponse& answer)
{
    long status = answer.status;
    const char* remedy = "report it with timesheetd's version";
    if (status == 401 || status == 403)
        remedy = "check that the API credentials are still valid and may read it";
    else if (status == 402)
        remedy = "check that Jibble's plan includes it";
    else if (status == 404 || (status >= 300 && status < 400))
        remedy = "check the JIBBLE_…_URL variables";
    return RefusedByJibble(
        status,
        fmt::format("Jibble answered {} for {}", parse_api_error(answer).text, resource.stored_as),
        remedy);
}

// A key is looked for as text: what reads the page keeps no keys. JSON may escape a slash.
bool names(std::string_view body, const std::string& member)
{
    std::string escaped = member;
    if (auto slash = escaped.find('/'); slash != std::string::npos)
        escaped.insert(slash, 1, '\\');
    return body.find('"' + member + '"') != std::string_view::npos ||
           body.find('"' + escaped + '"') != std::string_view::npos;
}

// "member": "text", with a text that is more than blanks.
bool names_value(std::string_view body, const std::string& member)
{
    constexpr const char* blanks = " \t\r\n";
    const std::string key = '"' + member + '"';
    for (std::size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at)) {
        at = body.find_first_not_of(blanks, at + key.size());
        if (at == std::string_view::npos || body[at] != ':')
            continue;
        at = body.find_first_not_of(blanks, at + 1);
        if (at == std::string_view::npos || body[at] != '"')
            continue;
        std::size_t text = body.find_first_not_of(blanks, at + 1);
        if (text != std::string_view::npos && body[text] != '"')
            return true;
    }
    return false;
}

Page parsed(const Resource& resource, std::string& body)
{
    std::size_t replaced = make_storable(body);
    Page page;
    PageEnvelope envelope = scan_page(body, [&](const PageObject& object) {
        std::optional<Guid> id = object.id ? parse_guid(*object.id) : std::nullopt;
        page.texts.add(id, object.text);
        page.has_objects = page.has_objects || object.text.front() == '{';
        if (id)
            page.guids.push_back(*id);
        page.last = {std::hash<std::string_view>{}(object.id.value_or(object.text)),
                     object.id.has_value()};
        if (page.rows++ == 0)
            page.first = page.last;
        page.fingerprint = 31 * page.fingerprint + std::hash<std::string_view>{}(object.text);
    });
    // Only of a page that is one: another attempt may bring it complete.
    if (replaced > 0)
        log::warn("{}: replaced by U+FFFD what PostgreSQL cannot store: {} NUL bytes or invalid "
                  "UTF-8 sequences",
                  resource.stored_as, replaced);
    page.count = envelope.count;
    page.names_members =
        resource.members.empty() ||
        std::any_of(resource.members.begin(), resource.members.end(),
                    [&](const std::string& member) { return names(body, member); });
    page.names_values =
        resource.members.empty() ||
        std::any_of(resource.members.begin(), resource.members.end(),
                    [&](const std::string& member) { return names_value(body, member); });
    return page;
}

} // namespace

JibbleClient::JibbleClient(const Configuration& configuration)
    : workspace_url_(configuration.text("JIBBLE_WORKSPACE_URL")),
      time_tracking_url_(configuration.text("JIBBLE_TIME_TRACKING_URL")),
      time_attendance_url_(configuration.text("JIBBLE_TIME_ATTENDANCE_URL")),
      token_(configuration.text("JIBBLE_IDENTITY_URL"), configuration.text("JIBBLE_CLIENT_ID"),
             configuration.text("JIBBLE_CLIENT_SECRET")),
      rate_limit_(configuration.decimal("JIBBLE_REQUESTS_PER_SECOND")),
      retrier_(service_retries, "check the network, Jibble's status and the JIBBLE_…_URL variables")
{
}

Page JibbleClient::fetch(const Resource& resource, const std::string& select, std::uint64_t skip,
                         long top)
{
    Page page;
    fetch(resource, page_query(resource, select, skip, top), [&](std::string& body) {
        if (!resource.key.empty()) // the object itself, in no list
            body = "{\"value\":[" + body + "]}";
        page = parsed(resource, body);
    });
    return page;
}

void JibbleClient::fetch(const Resource& resource, const std::string& query,
                         const std::function<void(std::string& body)>& take)
{
    std::string url = base_url(resource.host) + "/v1/" + resource.path;
    if (!resource.key.empty())
        url += "(" + resource.key + ")";
    url += "?" + query;
    retrier_(resource.stored_as, [&] {
        ensure_token();
        HttpResponse answer = get(url);
        if (answer.status == 401) {
            token_.forget();
            ensure_token();
            answer = get(url);
        }
        if (answer.status != 200)
            throw refusal(resource, answer);
        try {
            take(answer.body);
        } catch (const MalformedPage& e) {
            throw TransientFailure(
                fmt::format("malformed answer with status {}: {}", answer.status, e.what()), {},
                answer.status);
        }
    });
}

HttpResponse JibbleClient::perform(const HttpRequest& request)
{
    auto wait = rate_limit_.reserve(RateLimit::Clock::now());
    // Rounded up: a request must not go early.
    sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(wait));
    HttpResponse answer = http_.perform(request);
    if (answer.is_rate_limit_exhausted)
        rate_limit_.hold(RateLimit::Clock::now(),
                         std::min(answer.retry_after, service_retries.max_wait));
    if (answer.status == 429 && spacing_after_429_.count() > 0)
        rate_limit_.slow_down(RateLimit::Clock::now(), spacing_after_429_);
    if (is_transient_status(answer.status))
        throw TransientFailure("Jibble answered " + parse_api_error(answer).text,
                               answer.retry_after, answer.status);
    return answer;
}

HttpResponse JibbleClient::get(const std::string& url)
{
    HttpRequest request;
    request.url = url;
    request.bearer = token_.text();
    return perform(request);
}

void JibbleClient::ensure_token()
{
    if (token_.is_valid(AccessToken::Clock::now()))
        return;
    try {
        HttpResponse answer = perform(token_.request());
        token_.accept(answer, AccessToken::Clock::now());
    } catch (const TransientFailure& e) {
        throw TransientFailure(e.what(), e.wait); // its status says nothing of any resource
    }
}

const std::string& JibbleClient::base_url(JibbleHost host) const
{
    switch (host) {
    case JibbleHost::workspace:
        return workspace_url_;
    case JibbleHost::time_tracking:
        return time_tracking_url_;
    default:
        return time_attendance_url_;
    }
}

std::string page_query(const Resource& resource, const std::string& select, std::uint64_t skip,
                       long top)
{
    if (!resource.key.empty())
        return select.empty() ? "" : "$select=" + percent_encoded(select);
    std::string query = fmt::format("$top={}&$skip={}", top, skip);
    if (resource.counts)
        query += "&$count=true";
    if (*resource.order)
        query += std::string("&$orderby=") + percent_encoded(resource.order);
    if (!select.empty())
        query += "&$select=" + percent_encoded(select);
    if (!resource.filter.empty())
        query += "&$filter=" + percent_encoded(resource.filter);
    return query;
}

} // namespace timesheetd
