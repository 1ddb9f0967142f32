#include "alerts/heartbeat.hpp"

#include <fmt/format.h>

#include "http/api_error.hpp"
#include "http/http_client.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"

namespace timesheetd
{

namespace
{

constexpr std::chrono::seconds max_duration{5};
constexpr AnswerBound answer_bound{"HEARTBEAT_URL", 1 << 20, "check HEARTBEAT_URL"};

} // namespace

bool reaches_present(Window window)
{
    Date today = utc_date(std::chrono::system_clock::now());
    return !(today < window.since) && !(window.until < today);
}

void send_heartbeat(const Configuration& configuration)
{
    HttpRequest request;
    request.url = configuration.text("HEARTBEAT_URL");
    if (request.url.empty())
        return;
    request.bound = answer_bound;
    request.is_secret_url = true;
    request.is_counted = true;
    request.timeout = max_duration;
    try {
        HttpResponse answer = HttpClient().perform(request);
        if (answer.status < 200 || answer.status >= 300)
            log::warn("the heartbeat was answered {}; check HEARTBEAT_URL",
                      parse_api_error(answer).text);
    } catch (const Stopped& e) { // a signal, or no time is left: who looks for that finds it
        log::debug("no heartbeat: {}", e.what());
    } catch (const std::exception& e) {
        log::warn("the heartbeat failed: {}; check HEARTBEAT_URL", e.what());
    }
}

} // namespace timesheetd
