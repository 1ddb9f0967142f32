#include "digest/delivery_store.hpp"

#include <algorithm>

#include "digest/portal_link.hpp"
#include "digest/refusal_table.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "process/time_limit.hpp"

namespace timesheetd
{

namespace
{

// In one transaction: a small part of what the time allows.
constexpr long max_queued_at_once = 10;
constexpr double queued_each_second = 0.05;

std::string interval(std::chrono::milliseconds duration)
{
    return fmt::format("{} milliseconds", duration.count());
}

const char* null_if_empty(const std::string& text)
{
    return text.empty() ? nullptr : text.c_str();
}

TextArray array_of(const std::vector<std::string>& texts)
{
    TextArray array;
    for (const std::string& text : texts)
        array.add(text);
    return array;
}

} // namespace

int DeliveryStore::recover(const char* provider, std::chrono::hours idempotency_window)
{
    return static_cast<int>(
        database_
            .query("SELECT timesheet.recover_deliveries($1, $2::interval)",
                   {provider, fmt::format("{} hours", idempotency_window.count())})
            .number(0, 0));
}

QueuedPortalLinks DeliveryStore::queue_portal_links(bool is_served)
{
    Rows row = database_.query(
        "SELECT is_open, queued, refused FROM timesheet.queue_portal_links($1::boolean)",
        {is_served ? "t" : "f"});
    return {row.boolean(0, 0), row.number(0, 1), row.number(0, 2)};
}

QueuedDigests DeliveryStore::queue(std::optional<Date> week_of)
{
    std::string day = week_of ? to_text(*week_of) : "";
    QueuedDigests all;
    const long at_once = step_size(queued_each_second, max_queued_at_once);
    for (long long queued = at_once; queued == at_once; all.queued += queued) {
        check_stop();
        Rows rows = database_.query("SELECT queued, not_made FROM timesheet.queue_digests($1, $2)",
                                    {null_if_empty(day), std::to_string(at_once)});
        queued = rows.number(0, 0);
        all.not_made = rows.number(0, 1); // the last call meets them all
    }
    return all;
}

std::optional<std::chrono::milliseconds>
DeliveryStore::until_next_attempt(const std::vector<std::string>& returned, bool only_notifications)
{
    TextArray ids = array_of(returned);
    Rows next = database_.query("SELECT ceil(1000 * extract(epoch FROM timesheet.next_attempt_at("
                                "$1::text[]::bigint[], $2::boolean) - clock_timestamp()))::bigint",
                                {ids, only_notifications ? "t" : "f"});
    if (next.is_null(0, 0))
        return std::nullopt;
    return std::chrono::milliseconds(std::max(0LL, next.number(0, 0)));
}

std::optional<Delivery> DeliveryStore::next(const std::vector<std::string>& returned,
                                            bool only_notifications)
{
    TextArray ids = array_of(returned);
    Rows row = database_.query("SELECT delivery_id, kind, email, subject, content, "
                               "idempotency_key, coalesce(unsubscribe_token::text, ''), attempts, "
                               "html, body, is_indeterminate "
                               "FROM timesheet.next_delivery($1::text[]::bigint[], $2::boolean)",
                               {ids, only_notifications ? "t" : "f"});
    if (row.count() == 0 || row.is_null(0, 0))
        return std::nullopt;
    Delivery delivery;
    delivery.id = row.text(0, 0);
    delivery.kind = row.text(0, 1);
    delivery.recipient = row.text(0, 2);
    delivery.subject = row.text(0, 3);
    delivery.content = row.text(0, 4);
    delivery.idempotency_key = row.text(0, 5);
    delivery.unsubscribe_token = row.text(0, 6);
    delivery.attempts = static_cast<int>(row.number(0, 7));
    if (!row.is_null(0, 8))
        delivery.rendered = RenderedDigest{row.text(0, 8), row.text(0, 9)};
    delivery.is_indeterminate = row.boolean(0, 10);
    return delivery;
}

bool DeliveryStore::begin_attempt(const Delivery& delivery, const char* provider,
                                  const RenderedDigest& rendered, const std::string& portal_token)
{
    std::string hash = portal_token.empty() ? "" : portal_token_sha256(portal_token);
    Uncancellable while_kept(database_); // once begun, what becomes of it is kept as well
    return database_
        .query("SELECT timesheet.begin_attempt($1::bigint, $2, $3, $4, $5::bytea)",
               {delivery.id, provider, rendered.html, rendered.text, null_if_empty(hash)})
        .boolean(0, 0);
}

void DeliveryStore::fail(const Delivery& delivery, const char* provider, const std::string& error)
{
    Uncancellable while_kept(database_);
    database_.query("SELECT timesheet.end_attempt($1::bigint, 'failed', NULL, $3) "
                    "FROM timesheet.begin_attempt($1::bigint, $2, NULL, NULL) AS b (has_begun) "
                    "WHERE b.has_begun",
                    {delivery.id, provider, error});
}

std::string DeliveryStore::end_attempt(const Delivery& delivery, const AttemptEnd& end,
                                       const std::string& error, std::chrono::milliseconds wait)
{
    Uncancellable while_kept(database_);
    Rows row = database_.query(
        "SELECT timesheet.end_attempt($1::bigint, $2, NULL, $3, $4::interval, $5::boolean)",
        {delivery.id, to_text(end.state), error, interval(wait), end.is_indeterminate ? "t" : "f"});
    return row.is_null(0, 0) ? to_text(end.state) : row.text(0, 0);
}

AloneFailed DeliveryStore::end_accepted(const Delivery& delivery,
                                        const std::string& provider_message_id,
                                        const std::vector<std::string>& returned)
{
    TextArray ids = array_of(returned);
    Uncancellable while_kept(database_);
    Rows row = database_.query(
        "SELECT f.failed, f.in_doubt, timesheet.end_attempt($1::bigint, 'sent', $2, NULL) "
        "FROM timesheet.fail_returned_deliveries($3::text[]::bigint[], $4) AS f",
        {delivery.id, null_if_empty(provider_message_id), ids, send_again});
    return {static_cast<int>(row.number(0, 0)), static_cast<int>(row.number(0, 1))};
}

void DeliveryStore::return_to_queue(const Delivery& delivery, const std::string& error,
                                    std::chrono::milliseconds wait)
{
    Uncancellable while_kept(database_);
    database_.query("SELECT timesheet.return_delivery($1::bigint, $2, $3::interval)",
                    {delivery.id, error, interval(wait)});
}

void DeliveryStore::raise_sender_alert(const std::string& refusal)
{
    Uncancellable while_kept(database_);
    database_.query("SELECT timesheet.update_sender_alert($1)", {refusal});
}

void DeliveryStore::postpone_all(std::chrono::milliseconds wait, const std::string& reason)
{
    Uncancellable while_kept(database_);
    database_.query("SELECT timesheet.postpone_deliveries($1::interval, $2)",
                    {interval(wait), reason});
}

void DeliveryStore::log_queue()
{
    Uncancellable also_at_the_end(database_);
    Rows health =
        database_.query("SELECT queued, overdue, overdue_because, next_due_at, other_emails_queued "
                        "FROM timesheet.digest_health");
    if (health.number(0, 0) > 0)
        log::info("{} digests are left in the queue for the next pass", health.number(0, 0));
    if (health.number(0, 4) > 0)
        log::info("{} other e-mails are left in the queue for the next pass", health.number(0, 4));
    if (!health.is_null(0, 2))
        log::warn("{} digests are overdue: {}", health.number(0, 1), health.text(0, 2));
    else if (!health.is_null(0, 3))
        log::info("the next digest is due at {}", health.text(0, 3));
}

} // namespace timesheetd
