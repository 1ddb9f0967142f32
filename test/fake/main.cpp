#include "admin/admin.hpp"
#include "api/api_routes.hpp"

#include <CLI/CLI.hpp>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace
{

struct Options {
    int port = 0;
    std::uint64_t seed = 20261124;
    int weeks = 12;
    std::string now = "2026-11-24T08:00:00Z";
    std::string truth_file;
    fake::Credentials credentials{"demo", "demo-secret"};
    int token_seconds = 3600;
    std::size_t page_cap = 1000;
    int requests_per_second = 0;
    int agents = 40;
    fake::Personality personality;
    bool generate_only = false;
};

// Connections that stay open keep a thread each.
constexpr std::size_t server_threads = 64;

std::string check_instant(const std::string& text)
{
    fake::Micros instant;
    return fake::parse_instant(text, instant) ? ""
                                              : "not an instant like 2026-11-24T08:00:00Z: " + text;
}

std::string check_personality(const std::string& text)
{
    try {
        fake::Personality().move(text);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

void add_options(CLI::App& app, Options& options)
{
    app.add_option("--port", options.port, "port on 127.0.0.1; 0 picks a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "what the data is generated from")
        ->capture_default_str();
    app.add_option("--weeks", options.weeks, "full weeks of history before this week")
        ->check(CLI::Range(1, 2000))
        ->capture_default_str();
    app.add_option("--now", options.now, "the instant at which history ends")
        ->check(CLI::Validator(check_instant, "INSTANT"))
        ->capture_default_str();
    app.add_option("--truth", options.truth_file, "file to write the truth to");
    app.add_option("--client-id", options.credentials.client_id)->capture_default_str();
    app.add_option("--client-secret", options.credentials.client_secret)->capture_default_str();
    app.add_option("--token-seconds", options.token_seconds, "lifetime of access tokens")
        ->check(CLI::Range(0, 2147483647))
        ->capture_default_str();
    app.add_option("--page-cap", options.page_cap, "highest $top that is honoured")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--requests-per-second", options.requests_per_second,
                   "requests answered in a second before 429; 0 for no limit")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app.add_option("--agents", options.agents, "people with time entries")
        ->check(CLI::Range(1, 2000))
        ->capture_default_str();
    app.add_option_function<std::string>(
           "--personality", [&](const std::string& text) { options.personality.move(text); },
           "switches for what is unproven about Jibble, such as {\"count\":\"missing\"}")
        ->check(CLI::Validator(check_personality, "JSON"));
    app.add_flag("--generate-only", options.generate_only, "write the truth file and exit");
}

void write_truth_file(const fake::Organisation& organisation, const fake::Truth& truth,
                      const std::string& path)
{
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"),
                                                         std::fclose);
    bool written = file != nullptr;
    if (file)
        fake::write_truth(organisation, truth, [&](std::string_view piece) {
            written =
                std::fwrite(piece.data(), 1, piece.size(), file.get()) == piece.size() && written;
        });
    if (!written || std::fflush(file.get()) != 0)
        throw std::runtime_error("could not write " + path);
}

void announce(int port)
{
    std::string base = "http://127.0.0.1:" + std::to_string(port) + "/";
    std::printf(
        "{\"port\":%d,\"identity\":\"%sidentity\",\"workspace\":\"%sworkspace\","
        "\"time_tracking\":\"%stime-tracking\",\"time_attendance\":\"%stime-attendance\"}\n",
        port, base.c_str(), base.c_str(), base.c_str(), base.c_str());
    std::fflush(stdout);
}

// Blocked before any thread starts, so that only the waiting thread sees them.
sigset_t block_signals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

void set_up(httplib::Server& server)
{
    server.new_task_queue = [] { return new httplib::ThreadPool(server_threads); };
    server.set_keep_alive_max_count(1000000);
    server.set_tcp_nodelay(true);
    // Newer versions of the library compress JSON with Brotli at its best, which takes seconds for
    // a page: as if it had not been asked for.
    server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response&) {
        const_cast<httplib::Headers&>(request.headers).erase("Accept-Encoding");
        return httplib::Server::HandlerResponse::Unhandled;
    });
    // The library's own default shares the port with others that ask for it.
    server.set_socket_options([](socket_t socket) {
        int on = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
}

// Returns the port, which is any free one for 0.
int bind(httplib::Server& server, int wanted)
{
    int port = wanted == 0                                ? server.bind_to_any_port("127.0.0.1")
               : server.bind_to_port("127.0.0.1", wanted) ? wanted
                                                          : -1;
    if (port < 0)
        throw std::runtime_error("could not listen on port " + std::to_string(wanted));
    return port;
}

void serve(const fake::Organisation& organisation, const fake::Truth& truth, const Options& options)
{
    fake::Personality personality = options.personality;
    sigset_t signals = block_signals();

    fake::Store store(organisation, truth, personality);
    fake::TimesheetsSummary summary(organisation, truth, personality);
    fake::Insertions insertions;
    fake::Tokens tokens(organisation.seed, std::chrono::seconds(options.token_seconds));
    fake::RateLimit rate_limit(options.requests_per_second);
    fake::Faults faults;
    fake::RequestLog log;
    fake::Api api(organisation, store, summary, insertions, tokens, options.credentials,
                  options.page_cap, personality);
    fake::AdminTargets targets{organisation, truth,      store, summary,    tokens,
                               faults,       insertions, log,   personality};
    std::atomic<bool> stopping{false};

    httplib::Server server;
    set_up(server);
    fake::add_admin_routes(server, targets);
    fake::add_api_routes(server, api, rate_limit, faults, log, stopping);

    int port = bind(server, options.port);
    std::thread stopper([&] {
        int signal;
        sigwait(&signals, &signal);
        stopping = true;
        // Asked to stop before it listens, the library would not hear it.
        while (!server.is_running())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        server.stop();
    });
    announce(port);
    bool listened = server.listen_after_bind();
    if (!stopping) // The stopper still waits for a signal.
        kill(getpid(), SIGTERM);
    stopper.join();
    if (!listened)
        throw std::runtime_error("stopped listening");
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("Jibble's HTTP API with a generated sample organisation", "fake-jibble");
    Options options;
    add_options(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (options.generate_only && options.truth_file.empty()) {
        std::fputs("fake-jibble: --generate-only needs --truth FILE\n", stderr);
        return 2;
    }
    try {
        fake::Micros now = 0;
        fake::parse_instant(options.now, now);
        fake::Organisation organisation;
        fake::make_organisation(organisation, options.seed, options.agents, now);
        fake::Truth truth = fake::make_truth(organisation, options.weeks, now);
        if (!options.truth_file.empty())
            write_truth_file(organisation, truth, options.truth_file);
        if (!options.generate_only)
            serve(organisation, truth, options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fake-jibble: %s\n", error.what());
        return 1;
    }
    return 0;
}
