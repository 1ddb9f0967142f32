#include "digest/digest.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <spdlog/spdlog.h>

#include "digest/digest_template.hpp"
#include "digest/mail_provider.hpp"
#include "http/rate_limit.hpp"
#include "http/retry_policy.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pass_lock.hpp"
#include "postgres/session_pooling.hpp"
#include "process/scrubber.hpp"
#include "process/standard_streams.hpp"
#include "process/stop.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr double mails_per_second = 2; // the least that a provider allows
constexpr int tries_a_pass = 5;
constexpr std::chrono::seconds max_pause{60}; // within a pass; what has to wait longer is left
constexpr std::chrono::hours quota_pause{24};
constexpr std::chrono::hours doubt_pause{1}; // one mail in doubt an hour is enough
constexpr int refusals_alike = 3;            // in a row: it is hardly the mails
constexpr long long queued_at_once = 10;
constexpr std::size_t max_error = 500;

// "Agency <hours@example.com>" or the address alone.
std::string bare_address(const std::string& from)
{
    std::size_t open = from.rfind('<');
    std::size_t close = from.rfind('>');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return from;
    return from.substr(open + 1, close - open - 1);
}

DigestLinks links(const Configuration& configuration, const std::string& token)
{
    DigestLinks links;
    links.page = configuration.text("MAIL_PAGE_URL");
    const std::string& unsubscribe = configuration.text("MAIL_UNSUBSCRIBE_URL");
    const std::string& reply_to = configuration.text("MAIL_REPLY_TO");
    std::string address =
        bare_address(reply_to.empty() ? configuration.text("MAIL_FROM") : reply_to);
    if (!unsubscribe.empty())
        links.unsubscribe = unsubscribe + "?token=" + token;
    else if (!address.empty())
        links.unsubscribe = "mailto:" + address + "?subject=unsubscribe";
    return links;
}

struct PassReport {
    int sent = 0;
    int failed = 0;
    int in_doubt = 0;
    int not_made = 0;
};

// The holder of the digest lock, from what is due to what the provider says.
class Sender
{
  public:
    Sender(const Configuration& configuration, Database& database, PassLock& lock)
        : configuration_(configuration), database_(database), lock_(lock),
          provider_(mail_provider(configuration)), rate_limit_(mails_per_second)
    {
    }

    PassReport pass(std::optional<Date> week_of)
    {
        std::string repeats = fmt::format("{} hours", provider_->idempotency_window().count());
        report_.in_doubt +=
            static_cast<int>(database_
                                 .query("SELECT timesheet.recover_deliveries($1, $2::interval)",
                                        {provider_->name(), repeats})
                                 .number(0, 0));
        queue(week_of);
        while (wait_for_one())
            send_one();
        return report_;
    }

  private:
    struct Delivery {
        std::string id, content;
        Mail mail;
        int attempt;
    };

    void queue(std::optional<Date> week_of)
    {
        std::string day = week_of ? to_text(*week_of) : "";
        long long all = 0;
        for (long long queued = queued_at_once; queued == queued_at_once; all += queued) {
            check_stop();
            Rows rows =
                database_.query("SELECT queued, not_made FROM timesheet.queue_digests($1, $2)",
                                {week_of ? day.c_str() : nullptr, std::to_string(queued_at_once)});
            queued = rows.number(0, 0);
            report_.not_made = static_cast<int>(rows.number(0, 1)); // the last call meets them all
        }
        if (all > 0)
            spdlog::info("{} digests queued", all);
    }

    // Whether a delivery is due, now or after a pause that is worth it.
    bool wait_for_one()
    {
        if (is_over_)
            return false;
        Rows next = database_.query("SELECT ceil(1000 * extract(epoch FROM "
                                    "timesheet.next_attempt_at() - clock_timestamp()))"
                                    "::bigint");
        if (next.is_null(0, 0) || next.number(0, 0) > 1000 * max_pause.count())
            return false;
        sleep_unless_stopped(std::chrono::milliseconds(std::max(0LL, next.number(0, 0))));
        return true;
    }

    void send_one()
    {
        check_stop();
        Rows row = database_.query("SELECT delivery_id, email, content, html, body, "
                                   "idempotency_key, attempts, unsubscribe_token FROM "
                                   "timesheet.next_delivery()");
        if (row.count() == 0 || row.is_null(0, 0))
            return;
        Delivery delivery;
        delivery.id = row.text(0, 0);
        delivery.content = row.text(0, 2);
        delivery.attempt = static_cast<int>(row.number(0, 6)) + 1;
        DigestLinks where = links(configuration_, row.text(0, 7));
        Mail& mail = delivery.mail;
        mail.to = row.text(0, 1);
        mail.subject = json_text(delivery.content, "subject");
        mail.key = row.text(0, 5);
        mail.unsubscribe = where.unsubscribe;
        mail.content = delivery.content;
        // What was once tried is sent again as it was.
        RenderedDigest rendered = row.is_null(0, 3)
                                      ? render_digest(delivery.content, where)
                                      : RenderedDigest{row.text(0, 3), row.text(0, 4)};
        mail.html = rendered.html;
        mail.text = rendered.text;
        HttpRequest request = provider_->request(mail);

        sleep_unless_stopped(std::chrono::ceil<std::chrono::milliseconds>(
            rate_limit_.reserve(RateLimit::Clock::now())));
        lock_.require_held();
        bool began = database_
                         .query("SELECT timesheet.begin_attempt($1::bigint, $2, $3, $4)",
                                {delivery.id, provider_->name(), mail.html, mail.text})
                         .boolean(0, 0);
        if (began)
            record(delivery, ask(request));
    }

    MailAnswer ask(const HttpRequest& request)
    {
        try {
            HttpResponse answer = http_.perform(request);
            if (answer.is_rate_limit_exhausted)
                rate_limit_.hold(RateLimit::Clock::now(), std::min<std::chrono::milliseconds>(
                                                              answer.retry_after, max_pause));
            return provider_->read(answer);
        } catch (const NoAnswer& e) {
            return {e.was_sent ? Outcome::indeterminate : Outcome::retry, "",
                    fmt::format("no answer from {}: {}", provider_->name(), e.what())};
        } catch (const Failure& e) {
            return {Outcome::misconfigured, "", e.what()};
        }
    }

    void record(const Delivery& delivery, const MailAnswer& answer)
    {
        std::string error = one_line(scrubber().scrub(answer.error), max_error);
        bool is_indeterminate = answer.outcome == Outcome::indeterminate;
        bool may_repeat = provider_->idempotency_window() > std::chrono::hours(0);
        const char* state = "queued";
        std::chrono::milliseconds wait{};
        std::chrono::milliseconds wait_of_all{};
        std::string reason = error; // why the others wait
        switch (answer.outcome) {
        case Outcome::accepted:
            state = "sent";
            break;
        case Outcome::refused:
            state = "failed";
            break;
        case Outcome::quota_exceeded:
            wait = wait_of_all = std::max<std::chrono::milliseconds>(quota_pause, answer.wait);
            break;
        case Outcome::misconfigured:
            is_over_ = true;
            break;
        case Outcome::retry:
        case Outcome::indeterminate:
            if (is_indeterminate && !may_repeat) {
                state = "in_doubt";
                error += "; it may have been accepted, so it is not sent again";
                wait_of_all = doubt_pause;
                reason = "it waits, as nobody knows whether the mail before it was accepted";
            } else {
                wait = pause(delivery, answer.wait);
                if (answer.wait > max_pause)
                    wait_of_all = answer.wait;
                else
                    rate_limit_.hold(RateLimit::Clock::now(), answer.wait);
            }
        }
        // The answer must be kept even if a signal came meanwhile.
        std::string became = store(delivery, state, answer.id, error, wait, is_indeterminate);
        count(delivery, answer, became, error);
        if (wait_of_all.count() > 0) {
            is_over_ = true;
            database_.query("SELECT timesheet.postpone_deliveries($1::interval, $2)",
                            {fmt::format("{} milliseconds", wait_of_all.count()), reason});
        }
        if (answer.outcome == Outcome::misconfigured || answer.outcome == Outcome::quota_exceeded)
            throw Failure(error);
    }

    void count(const Delivery& delivery, const MailAnswer& answer, const std::string& became,
               const std::string& error)
    {
        report_.sent += became == "sent";
        report_.failed += became == "failed";
        report_.in_doubt += became == "in_doubt";
        if (answer.outcome == Outcome::accepted)
            spdlog::info("digest {} sent to {}", delivery.id, delivery.mail.to);
        else if (answer.outcome != Outcome::misconfigured &&
                 answer.outcome != Outcome::quota_exceeded)
            spdlog::warn("digest {} to {}: {}: {}", delivery.id, delivery.mail.to, became, error);
        bool is_alike = answer.outcome == Outcome::refused && answer.error == last_refusal_;
        refusals_ = answer.outcome == Outcome::refused ? (is_alike ? refusals_ + 1 : 1) : 0;
        last_refusal_ = answer.outcome == Outcome::refused ? answer.error : "";
        if (refusals_ >= refusals_alike && !is_over_) {
            is_over_ = true;
            spdlog::warn("{} mails in a row were refused alike; the rest waits for the next pass",
                         refusals_);
        }
    }

    // Returns the state that the delivery came into.
    std::string store(const Delivery& delivery, const char* state, const std::string& id,
                      const std::string& error, std::chrono::milliseconds wait,
                      bool is_indeterminate)
    {
        std::string provider_message_id =
            one_line(scrubber().scrub(id)); // a service may echo what it was sent
        database_.set_cancellable(false);
        Rows row = database_.query(
            "SELECT timesheet.end_attempt($1::bigint, $2, $3, $4, $5::interval, $6::boolean)",
            {delivery.id, state,
             provider_message_id.empty() ? nullptr : provider_message_id.c_str(),
             error.empty() ? nullptr : error.c_str(), fmt::format("{} milliseconds", wait.count()),
             is_indeterminate ? "t" : "f"});
        database_.set_cancellable(true);
        return row.is_null(0, 0) ? state : row.text(0, 0);
    }

    // A few times soon; then it is left to later passes.
    std::chrono::milliseconds pause(const Delivery& delivery, std::chrono::milliseconds asked)
    {
        double random = std::uniform_real_distribution<double>(0, 1)(engine_);
        auto delay = service_retries.delay(delivery.attempt + 1, random, asked);
        if (++tries_[delivery.id] >= tries_a_pass)
            delay = std::max<std::chrono::milliseconds>(delay, 2 * max_pause);
        return std::max(delay, asked);
    }

    const Configuration& configuration_;
    Database& database_;
    PassLock& lock_;
    std::unique_ptr<MailProvider> provider_;
    HttpClient http_;
    RateLimit rate_limit_;
    std::minstd_rand engine_{std::random_device{}()};
    std::map<std::string, int> tries_; // of this pass, by delivery
    bool is_over_ = false;             // every other would end as the last one did
    std::string last_refusal_;
    int refusals_ = 0; // like that one, in a row
    PassReport report_;
};

void say_what_waits(Database& database)
{
    Rows health = database.query("SELECT queued, overdue, overdue_because, next_due_at FROM "
                                 "timesheet.digest_health");
    if (health.number(0, 0) > 0)
        spdlog::info("{} digests are left in the queue for the next pass", health.number(0, 0));
    if (!health.is_null(0, 2))
        spdlog::warn("{} digests wait; {}", health.number(0, 1), health.text(0, 2));
    else if (!health.is_null(0, 3))
        spdlog::info("the next digest is due at {}", health.text(0, 3));
}

// The document, indented.
std::string indented(const std::string& json)
{
    rapidjson::Document document;
    if (JsonProblem why = parse_json(document, json, digest_document); !why.empty())
        throw Failure("the digest's content cannot be read: " + why.text);
    rapidjson::StringBuffer text;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(text);
    writer.SetIndent(' ', 2);
    document.Accept(writer);
    return {text.GetString(), text.GetSize()};
}

} // namespace

void preview_digest(const Configuration& configuration, const std::string& contact,
                    std::optional<Date> week_of, DigestFormat format)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    std::string day = week_of ? to_text(*week_of) : "";
    Rows found = database.query(
        "SELECT timesheet.digest_content(c.id, timesheet.contact_week(c.id, coalesce($2::date, "
        "timesheet.last_week_day()))) - 'reported', (SELECT unsubscribe_token FROM "
        "timesheet.contacts WHERE contact_id = c.id), (SELECT pg_catalog.to_char(missing_since AT "
        "TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI \"UTC\"') FROM timesheet.contacts WHERE contact_id = "
        "c.id) FROM timesheet.contact_id($1) AS c (id)",
        {contact, week_of ? day.c_str() : nullptr});
    std::string content = found.text(0, 0);
    RenderedDigest rendered = render_digest(content, links(configuration, found.text(0, 1)));
    if (!found.is_null(0, 2))
        spdlog::warn(
            "{} gets no digest: Airtable has not listed the address since {}, and the list "
            "lost more than half of its contacts; see that it is whole, or accept it with "
            "timesheetd contacts --allow-mass-deletion",
            contact, found.text(0, 2));
    print_output(visible_lines((format == DigestFormat::json   ? indented(content)
                                : format == DigestFormat::html ? rendered.html
                                                               : rendered.text) +
                               "\n"));
}

void send_digests(const Configuration& configuration, std::optional<Date> week_of,
                  std::chrono::milliseconds max_wait)
{
    Database database(configuration.text("DATABASE_URL"));
    require_current_schema(database);
    check_session_pooling(database, configuration.text("DATABASE_URL"));
    PassLock lock(database, configuration.text("DATABASE_URL"), LockOf::digest, max_wait);
    Sender sender(configuration, database, lock);
    PassReport report = sender.pass(week_of);
    spdlog::info("digests: {} sent, {} failed, {} in doubt", report.sent, report.failed,
                 report.in_doubt);
    say_what_waits(database);
    std::string wrong;
    if (report.not_made > 0)
        wrong = fmt::format("{} digests could not be made; a warning above says why of each, and "
                            "the next pass tries again",
                            report.not_made);
    if (report.failed + report.in_doubt > 0)
        wrong += fmt::format("{}{} digests failed and {} are in doubt; see timesheet.digests, and "
                             "settle those in doubt with timesheet.resolve_delivery()",
                             wrong.empty() ? "" : "; ", report.failed, report.in_doubt);
    if (!wrong.empty())
        throw Failure(wrong);
}

} // namespace timesheetd
