// Mailgun: whole e-mails as a form; it has no idempotency key, so what is indeterminate stays so.
#include "digest/mail_provider.hpp"
#include "digest/refusal_table.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

class Mailgun : public MailProvider
{
  public:
    explicit Mailgun(const Configuration& c)
    {
        c.require({"MAILGUN_API_KEY", "MAILGUN_DOMAIN", "MAIL_FROM"});
        domain_ = percent_encoded(c.text("MAILGUN_DOMAIN"));
        url_ = c.text("MAILGUN_API_URL");
        key_ = c.text("MAILGUN_API_KEY");
        from_ = c.text("MAIL_FROM");
        reply_to_ = c.text("MAIL_REPLY_TO");
    }

    const char* name() const override { return "mailgun"; }
    std::chrono::hours idempotency_window() const override { return std::chrono::hours(0); }

    HttpRequest request(const Mail& mail) const override
    {
        std::string form;
        auto field = [&](const std::string& name, const std::string& value) {
            form +=
                (form.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
        };
        field("from", from_);
        field("to", mail.to);
        field("subject", mail.subject);
        field("text", mail.text);
        field("html", mail.html);
        if (!reply_to_.empty())
            field("h:Reply-To", reply_to_);
        for (const auto& [name, value] : unsubscribe_headers(mail))
            field("h:" + name, value);
        field("o:tag", mail.category);
        field("v:delivery", mail.key); // so that a person finds it in Mailgun's log

        HttpRequest request;
        request.bound = mail_answer("Mailgun");
        request.url = url_ + "/v3/" + domain_ + "/messages";
        request.basic = "api:" + key_;
        request.form = std::move(form);
        request.is_non_idempotent = true;
        return request;
    }

    MailAnswer read(const HttpResponse& answer) const override
    {
        if (is_success(answer)) {
            std::string id = message_id(answer);
            if (!id.empty())
                return {Outcome::accepted, id, ""};
            return {Outcome::indeterminate, "",
                    fmt::format("Mailgun answered {} without an id", answer.status)};
        }
        return read_refusal(name(), answer);
    }

    // An e-mail without a sender: refused as such where key and domain are right, also to a key
    // that may do nothing but send.
    HttpRequest probe() const override
    {
        HttpRequest request;
        request.bound = mail_answer("Mailgun");
        request.url = url_ + "/v3/" + domain_ + "/messages";
        request.basic = "api:" + key_;
        request.form = "";
        return request;
    }

    std::string probed(const HttpResponse& answer) const override
    {
        if (answer.status == 400)
            return "mailgun answers and accepts the key and the domain";
        if (answer.status == 404)
            throw Failure(read_refusal(name(), answer).error);
        return MailProvider::probed(answer);
    }

  private:
    std::string url_, key_, domain_, from_, reply_to_;
};

} // namespace

std::unique_ptr<MailProvider> mailgun_provider(const Configuration& configuration)
{
    return std::make_unique<Mailgun>(configuration);
}

} // namespace timesheetd
