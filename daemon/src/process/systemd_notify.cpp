#include "process/systemd_notify.hpp"

#include "process/scrubber.hpp"
#include "text/utf8.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace timesheetd
{

namespace
{

using Clock = std::chrono::steady_clock;
constexpr std::size_t max_status = 500;

// systemd's protocol: a datagram to the socket that NOTIFY_SOCKET names. libsystemd would do the
// same, and would be all we need it for. A socket without a listener is not a failure.
void notify(std::string_view message) noexcept
{
    const char* name = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    std::size_t length = name ? std::strlen(name) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (*name != '/' && *name != '@'))
        return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name, length);
    if (*name == '@') // an abstract socket
        address.sun_path[0] = '\0';
    int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0)
        return;
    auto address_size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    sendto(socket_fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address), address_size);
    close(socket_fd);
}

// A third of what the watchdog allows; nothing if there is none.
Clock::duration pause_between_signs()
{
    const char* text = std::getenv("WATCHDOG_USEC");
    if (!text)
        return {};
    long long microseconds = 0;
    std::from_chars(text, text + std::strlen(text), microseconds);
    return std::chrono::microseconds(microseconds / 3);
}

} // namespace

void notify_ready()
{
    notify("READY=1");
}

void notify_stopping()
{
    notify("STOPPING=1");
}

void notify_status(const std::string& status)
{
    notify("STATUS=" + one_line(scrubber().scrub(status), max_status));
}

void notify_watchdog() noexcept
{
    static const Clock::duration pause = pause_between_signs();
    static Clock::time_point next{};
    if (pause <= pause.zero() || Clock::now() < next)
        return;
    next = Clock::now() + pause;
    notify("WATCHDOG=1");
}

} // namespace timesheetd
