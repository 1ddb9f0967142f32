#include "alerts/webhook_sender.hpp"

#include <fmt/format.h>

#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

void WebhookSender::send_due()
{
    while (!has_failed_) {
        check_stop();
        Rows next = database_.query(
            "SELECT webhook_message_id, body FROM timesheet.next_webhook_message()");
        if (next.count() == 0 || next.is_null(0, 0))
            return;
        lock_.require_held();
        require_time(time_to_close());
        if (!send(next.text(0, 0), next.text(0, 1)))
            return;
    }
}

bool WebhookSender::send(const std::string& id, const std::string& text)
{
    Uncancellable while_kept(database_); // once begun, what becomes of it is kept as well
    if (!database_.query("SELECT timesheet.begin_webhook_message($1::bigint)", {id}).boolean(0, 0))
        return false;
    WebhookAnswer answer = webhook_.post(text);
    has_failed_ = !answer.was_sent;
    database_.query("SELECT timesheet.end_webhook_message($1::bigint, $2::boolean, $3::boolean, "
                    "$4, $5::interval)",
                    {id, answer.was_sent ? "t" : "f", answer.is_refused ? "t" : "f",
                     answer.error.empty() ? nullptr : answer.error.c_str(),
                     fmt::format("{} milliseconds", answer.wait.count())});
    if (answer.was_sent)
        log::info("webhook message {} sent", id);
    else
        log::warn("webhook message {}: {}", id, answer.error);
    return true;
}

} // namespace timesheetd
