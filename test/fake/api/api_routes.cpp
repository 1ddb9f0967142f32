#include "api/api_routes.hpp"

#include "api/api_error.hpp"

#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <chrono>
#include <thread>

namespace fake
{

namespace
{

constexpr const char* json_type =
    "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8";
constexpr std::string_view broken_json =
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>{\"value\":[{\"id\":";

ApiRequest to_api_request(const httplib::Request& request)
{
    std::size_t question = request.target.find('?');
    return {request.method,
            request.path,
            question == std::string::npos ? "" : request.target.substr(question + 1),
            request.get_header_value("Content-Type"),
            request.get_header_value("Authorization"),
            request.body};
}

std::string decoded_query(const ApiRequest& request)
{
    std::string text;
    try {
        for (const auto& [name, value] : parse_parameters(request.raw_query))
            text += (text.empty() ? "" : "&") + name + "=" + value;
    } catch (const ApiError&) {
        return request.raw_query;
    }
    return text;
}

// The library has no way to drop a connection unanswered and does not show its socket: the one
// with this peer is looked up among the process's own.
void shut_connection(const httplib::Request& request)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    int last = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
    for (int descriptor = 3; descriptor < last; ++descriptor) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_family == AF_INET && ntohs(peer.sin_port) == request.remote_port) {
            shutdown(descriptor, SHUT_RDWR);
            return;
        }
    }
}

void wait(double seconds, const std::atomic<bool>& stopping)
{
    using Clock = std::chrono::steady_clock;
    auto until = Clock::now() + std::chrono::duration<double>(seconds);
    while (Clock::now() < until && !stopping)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void announce(const RateLimit::Decision& decision, httplib::Response& response)
{
    std::string reset;
    append_utc(reset, decision.reset, 7);
    response.set_header("X-Rate-Limit-Limit", "1s");
    response.set_header("X-Rate-Limit-Remaining", std::to_string(decision.remaining));
    response.set_header("X-Rate-Limit-Reset", reset);
}

class Routes
{
  public:
    Routes(Api& api, RateLimit& rate_limit, Faults& faults, RequestLog& log,
           const std::atomic<bool>& stopping)
        : api_(api), rate_limit_(rate_limit), faults_(faults), log_(log), stopping_(stopping)
    {
    }

    void handle(const httplib::Request& request, httplib::Response& response)
    {
        ApiRequest call = to_api_request(request);
        std::string query = decoded_query(call);
        if (!admit(response)) {
            int refused = send(response, 429, error_body(status_error(429)));
            log_.add({request.method, request.path, query, refused});
            return;
        }
        // As tests write it, or as the client encoded it.
        std::optional<Fault> fault =
            faults_.take(request.path + "?" + query + "\n" + request.target);
        if (fault && fault->action == Fault::Action::close) {
            // Logged first: the client may look as soon as the connection is gone.
            log_.add({request.method, request.path, query, 0});
            shut_connection(request);
            return;
        }
        int status = fault ? spoil(*fault, call, response) : answer(call, response);
        log_.add({request.method, request.path, query, status});
    }

  private:
    // Whether the rate limit lets a request through; where there is one, the answer's headers say
    // so.
    bool admit(httplib::Response& response)
    {
        if (!rate_limit_.is_on())
            return true;
        RateLimit::Decision decision = rate_limit_.count();
        announce(decision, response);
        return decision.allowed;
    }

    int answer(const ApiRequest& call, httplib::Response& response)
    {
        ApiAnswer answer = api_.answer(call);
        return send(response, answer.status, std::move(answer.body));
    }

    static int send(httplib::Response& response, int status, std::string body)
    {
        response.status = status;
        response.body = std::move(body);
        response.set_header("Content-Type", json_type);
        return status;
    }

    // Returns the status to log.
    int spoil(const Fault& fault, const ApiRequest& call, httplib::Response& response)
    {
        for (const auto& [name, value] : fault.headers) {
            response.headers.erase(name); // The rate limit's, which the fault replaces.
            response.set_header(name, value);
        }
        switch (fault.action) {
        case Fault::Action::status:
            return send(response, fault.status,
                        fault.body.value_or(error_body(status_error(fault.status))));
        case Fault::Action::cut:
            return cut(api_.answer(call), response);
        case Fault::Action::truncate: {
            ApiAnswer answer = api_.answer(call);
            return send(response, answer.status, answer.body.substr(0, answer.body.size() / 2));
        }
        case Fault::Action::malform:
            return send(response, 200, std::string(broken_json));
        case Fault::Action::slow:
            wait(fault.seconds, stopping_);
            return answer(call, response);
        case Fault::Action::body:
            return send(response, 200, *fault.body);
        case Fault::Action::close:
            break;
        }
        return 0;
    }

    static ApiError status_error(int status)
    {
        switch (status) {
        case 401:
            return {status, "unauthorized", "The access token is missing, invalid or expired."};
        case 402:
            return {status, "feature_restricted_subscription",
                    "This feature is not part of your subscription."};
        case 429:
            return {status, "too_many_requests", "API calls quota exceeded."};
        default:
            return {status, "server_error", "An unexpected error occurred."};
        }
    }

    // Declares the whole body, sends half of it, and lets the library close the connection.
    static int cut(ApiAnswer answer, httplib::Response& response)
    {
        response.status = answer.status;
        std::size_t size = answer.body.size();
        response.set_content_provider(size, json_type,
                                      [body = std::move(answer.body)](std::size_t offset,
                                                                      std::size_t,
                                                                      httplib::DataSink& sink) {
                                          if (offset == 0)
                                              sink.write(body.data(), body.size() / 2);
                                          return offset == 0 && body.size() / 2 > 0;
                                      });
        return answer.status;
    }

    Api& api_;
    RateLimit& rate_limit_;
    Faults& faults_;
    RequestLog& log_;
    const std::atomic<bool>& stopping_;
};

} // namespace

void add_api_routes(httplib::Server& server, Api& api, RateLimit& rate_limit, Faults& faults,
                    RequestLog& log, const std::atomic<bool>& stopping)
{
    auto routes = std::make_shared<Routes>(api, rate_limit, faults, log, stopping);
    auto handle = [routes](const httplib::Request& request, httplib::Response& response) {
        routes->handle(request, response);
    };
    const char* paths = "/(identity|workspace|time-tracking|time-attendance)(/.*)?";
    server.Get(paths, handle);
    server.Post(paths, httplib::Server::Handler(handle));
    server.Put(paths, httplib::Server::Handler(handle));
    server.Patch(paths, httplib::Server::Handler(handle));
    server.Delete(paths, httplib::Server::Handler(handle));
}

} // namespace fake
