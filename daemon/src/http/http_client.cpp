#include "http/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <new>

#include <fmt/format.h>

#include "http/service_url.hpp"
#include "jibble/calendar.hpp"
#include "process/failure.hpp"
#include "process/signals.hpp"
#include "process/systemd_notify.hpp"
#include "process/time_limit.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

constexpr long connect_timeout_s = 10;
constexpr long total_timeout_s = 120;
constexpr long non_idempotent_timeout_s = 30; // within which systemd waits for a stop
// An answer may take long, but must not stall.
constexpr long min_bytes_per_second = 100;
constexpr long low_speed_time_s = 60;
constexpr std::size_t max_header_bytes = 256 << 10;

struct Body {
    std::size_t max_bytes;
    std::string text = "";
    std::size_t header_bytes = 0;
    bool too_large = false;
};

std::size_t append(char* data, std::size_t, std::size_t length, void* to)
{
    Body& body = *static_cast<Body*>(to);
    if (body.text.size() + length > body.max_bytes) {
        body.too_large = true;
        return 0;
    }
    try {
        body.text.append(data, length);
    } catch (const std::bad_alloc&) {
        return 0;
    }
    return length;
}

std::size_t count_headers(char*, std::size_t, std::size_t length, void* to)
{
    Body& body = *static_cast<Body*>(to);
    body.header_bytes += length;
    body.too_large = body.header_bytes > max_header_bytes;
    return body.too_large ? 0 : length;
}

int abort_if_stopped(void* is_non_idempotent, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    notify_watchdog();
    return stop_requested() && !is_non_idempotent ? 1 : 0;
}

void initialise_once()
{
    static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result)
        throw Failure(fmt::format("libcurl does not start: {}", curl_easy_strerror(result)));
}

// libcurl refuses only what is set wrongly; our settings are constants.
template <class Value>
void set(CURL* handle, CURLoption option, Value value)
{
    if (CURLcode result = curl_easy_setopt(handle, option, value))
        throw Failure(fmt::format("libcurl refuses option {}: {}", static_cast<int>(option),
                                  curl_easy_strerror(result)));
}

std::string_view answer_header(CURL* handle, const char* name)
{
    curl_header* header = nullptr;
    if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header))
        return {};
    return header->value;
}

// Jibble names an instant, the e-mail services seconds from now.
std::chrono::milliseconds until_reset(CURL* handle)
{
    std::string_view text = answer_header(handle, "X-Rate-Limit-Reset");
    if (auto instant = parse_instant(std::string(text))) {
        // Rounded up: the fraction was cut, too.
        auto wait = *instant + std::chrono::milliseconds(1) - std::chrono::system_clock::now();
        return std::max(std::chrono::milliseconds{},
                        std::chrono::ceil<std::chrono::milliseconds>(wait));
    }
    text = answer_header(handle, "RateLimit-Reset");
    long seconds = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > 86400)
        return {};
    return std::chrono::seconds(seconds);
}

long bytes_sent(CURL* handle)
{
    long bytes = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
}

bool has_none_remaining(CURL* handle)
{
    return answer_header(handle, "X-Rate-Limit-Remaining") == "0" ||
           answer_header(handle, "RateLimit-Remaining") == "0";
}

std::chrono::milliseconds retry_after(CURL* handle)
{
    curl_off_t seconds = 0;
    if (!curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds) && seconds > 0)
        return std::chrono::seconds(std::min<curl_off_t>(seconds, 86400));
    return until_reset(handle);
}

std::string too_large(const AnswerBound& bound, const Body& body)
{
    if (body.header_bytes > max_header_bytes)
        return fmt::format(
            "the headers of an answer of {} are larger than {} KiB, the most that is "
            "read; {}",
            bound.service, max_header_bytes >> 10, bound.remedy);
    bool is_mib = bound.bytes >= 1 << 20;
    return fmt::format("an answer of {} is larger than {} {}, the most that is read; {}",
                       bound.service, bound.bytes >> (is_mib ? 20 : 10), is_mib ? "MiB" : "KiB",
                       bound.remedy);
}

bool is_transient(CURLcode result)
{
    switch (result) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_WRITE_ERROR:
        return false;
    default:
        return true;
    }
}

// Of a request that may be broken off, no longer than this call has.
long timeout_ms(const HttpRequest& request)
{
    long ms = 1000 * (request.is_non_idempotent ? non_idempotent_timeout_s : total_timeout_s);
    if (request.timeout.count() > 0)
        ms = std::min<long>(ms, request.timeout.count());
    auto left = time_left();
    if (left && !request.is_non_idempotent)
        ms = std::min<long>(ms, std::chrono::ceil<std::chrono::milliseconds>(*left).count() + 1);
    return ms;
}

// The authorities that certificates are checked by, as OpenSSL's own programs take them; libcurl
// does not.
void set_authorities(CURL* handle)
{
    const char* file = std::getenv("SSL_CERT_FILE");
    if (!file || !*file)
        return;
    set(handle, CURLOPT_CAINFO, file);
    set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
}

void set_connection(CURL* handle, const HttpRequest& request)
{
    bool is_loopback = has_loopback_host(request.url);
    set(handle, CURLOPT_URL, request.url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, is_loopback ? "http,https" : "https");
    // A proxy would carry what is meant for this machine, in clear, to another.
    if (is_loopback)
        set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_PATH_AS_IS, request.is_secret_url ? 1L : 0L);
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
    set(handle, CURLOPT_TIMEOUT_MS, timeout_ms(request));
    set_authorities(handle);
    set(handle, CURLOPT_FRESH_CONNECT, request.is_non_idempotent || request.is_counted ? 1L : 0L);
    set(handle, CURLOPT_LOW_SPEED_LIMIT, min_bytes_per_second);
    set(handle, CURLOPT_LOW_SPEED_TIME, low_speed_time_s);
    set(handle, CURLOPT_WRITEFUNCTION, append);
    set(handle, CURLOPT_HEADERFUNCTION, count_headers);
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFOFUNCTION, abort_if_stopped);
    set(handle, CURLOPT_XFERINFODATA, request.is_non_idempotent ? handle : nullptr);
}

CurlList headers_of(const HttpRequest& request)
{
    CurlList headers(curl_slist_append(nullptr, "Accept: application/json"));
    auto add = [&](const std::string& line) {
        check_header(line);
        if (!headers || !curl_slist_append(headers.get(), line.c_str()))
            throw std::bad_alloc();
    };
    if (!request.bearer.empty())
        add("Authorization: Bearer " + request.bearer);
    if (request.json) {
        add("Content-Type: application/json");
        add("Expect:"); // a short body needs no 100 Continue
    }
    for (const std::string& line : request.headers)
        add(line);
    return headers;
}

void set_content(CURL* handle, const HttpRequest& request)
{
    set(handle, CURLOPT_USERAGENT, fmt::format("timesheetd/{}", version).c_str());
    set(handle, CURLOPT_ACCEPT_ENCODING, "");
    if (!request.basic.empty()) {
        set(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        set(handle, CURLOPT_USERPWD, request.basic.c_str());
    }
    if (const auto& posted = request.json ? request.json : request.form) {
        set(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(posted->size()));
        set(handle, CURLOPT_POSTFIELDS, posted->c_str());
    }
}

[[noreturn]] void fail(const HttpRequest& request, const Body& body, CURLcode result,
                       const std::string& reason, bool was_sent)
{
    std::string text = body.too_large ? too_large(request.bound, body) : reason;
    // A non-idempotent request may have been carried out, also where no answer came.
    if (request.is_non_idempotent && was_sent)
        throw NoAnswer(text, true);
    if (body.too_large)
        throw Failure(text);
    if (is_transient(result))
        throw NoAnswer(text, was_sent);
    const char* file = std::getenv("SSL_CERT_FILE");
    throw Failure(fmt::format("{}; check the service's URL and {}", text,
                              file && *file ? fmt::format("the certificates in \"{}\", which "
                                                          "SSL_CERT_FILE names",
                                                          file)
                                            : "this machine's certificates"));
}

} // namespace

HttpClient::HttpClient()
{
    initialise_once();
    handle_.reset(curl_easy_init());
    if (!handle_)
        throw Failure("libcurl has no memory for a handle");
}

HttpResponse HttpClient::perform(const HttpRequest& request)
{
    if (!request.is_non_idempotent) // its caller has recorded that it begins
        check_stop();
    CURL* handle = handle_.get();
    curl_easy_reset(handle);

    Body body{request.bound.bytes};
    char details[CURL_ERROR_SIZE] = "";
    set_connection(handle, request);
    set(handle, CURLOPT_ERRORBUFFER, details);
    set(handle, CURLOPT_WRITEDATA, &body);
    set(handle, CURLOPT_HEADERDATA, &body);
    CurlList headers = headers_of(request);
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set_content(handle, request);

    CURLcode result = curl_easy_perform(handle);
    // What the handle points to ends with this call.
    set(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    if (!request.is_non_idempotent)
        check_stop();
    if (body.too_large || result) {
        bool is_detailed = *details && !request.is_secret_url; // the details name the host
        fail(request, body, result, is_detailed ? details : curl_easy_strerror(result),
             bytes_sent(handle) > 0);
    }

    HttpResponse response;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response.status);
    response.retry_after = retry_after(handle);
    response.is_rate_limit_exhausted = has_none_remaining(handle);
    response.body = std::move(body.text);
    return response;
}

void check_header(const std::string& line)
{
    auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(line.begin(), line.end(), is_control))
        throw Failure(fmt::format(
            "the header {} would hold a line end or another control character (its value is not "
            "shown); correct the variable that it comes from",
            line.substr(0, line.find(':'))));
}

std::string percent_encoded(const std::string& text)
{
    CurlText encoded(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())));
    if (!encoded)
        throw std::bad_alloc();
    return encoded.get();
}

} // namespace timesheetd
