#include "commands/notified_pass.hpp"

#include <exception>
#include <optional>

#include "alerts/heartbeat.hpp"
#include "alerts/notification_ways.hpp"
#include "alerts/notifier.hpp"
#include "postgres/database.hpp"
#include "process/failure.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

namespace
{

constexpr std::chrono::seconds time_for_notifications{20};

bool has_anything_to_send(const Configuration& configuration)
{
    return notification_ways(configuration).has_any() ||
           !configuration.text("HEARTBEAT_URL").empty();
}

bool within_time_left(const Configuration& configuration, const Pass& pass)
{
    std::optional<ReservedTime> reserved;
    if (has_anything_to_send(configuration))
        reserved.emplace(time_for_notifications);
    return pass();
}

} // namespace

void notified_pass(const Configuration& configuration, const Pass& pass)
{
    std::exception_ptr failure;
    try {
        if (within_time_left(configuration, pass))
            send_heartbeat(configuration);
    } catch (const TimeIsUp&) {
        failure = std::current_exception();
    } catch (const Stopped&) {
        throw;
    } catch (const DatabaseError& e) {
        if (e.is_unreachable())
            throw;
        failure = std::current_exception();
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    send_notifications(configuration);
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace timesheetd
