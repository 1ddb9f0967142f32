// Resend: whole e-mails as JSON; remembers an idempotency key, with its body, for 24 hours.
#include "digest/mail_provider.hpp"
#include "digest/refusal_table.hpp"
#include "http/api_error.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

namespace
{

class Resend : public MailProvider
{
  public:
    explicit Resend(const Configuration& c)
    {
        c.require({"RESEND_API_KEY", "MAIL_FROM"});
        url_ = c.text("RESEND_API_URL");
        key_ = c.text("RESEND_API_KEY");
        from_ = c.text("MAIL_FROM");
        reply_to_ = c.text("MAIL_REPLY_TO");
    }

    const char* name() const override { return "resend"; }
    // An hour less than it remembers, for clocks that differ.
    std::chrono::hours idempotency_window() const override { return std::chrono::hours(23); }

    HttpRequest request(const Mail& mail) const override
    {
        rapidjson::StringBuffer text;
        rapidjson::Writer<rapidjson::StringBuffer> writer(text);
        auto write = [&](const char* name, const std::string& value) {
            write_text(writer, name, value);
        };
        writer.StartObject();
        write("from", from_);
        writer.Key("to");
        writer.StartArray();
        writer.String(mail.to.data(), static_cast<rapidjson::SizeType>(mail.to.size()));
        writer.EndArray();
        write("subject", mail.subject);
        write("html", mail.html);
        write("text", mail.text);
        if (!reply_to_.empty())
            write("reply_to", reply_to_);
        writer.Key("headers");
        writer.StartObject();
        for (const auto& [name, value] : unsubscribe_headers(mail))
            write(name.c_str(), value);
        writer.EndObject();
        writer.Key("tags");
        writer.StartArray();
        writer.StartObject();
        write("name", "category");
        write("value", mail.category);
        writer.EndObject();
        writer.EndArray();
        writer.EndObject();

        HttpRequest request;
        request.bound = mail_answer("Resend");
        request.url = url_ + "/emails";
        request.bearer = key_;
        request.json = std::string(text.GetString(), text.GetSize());
        request.headers = {"Idempotency-Key: " + mail.key};
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
                    fmt::format("Resend answered {} without an id", answer.status)};
        }
        // Not refused: an attempt before this one may have been accepted.
        ApiError error = parse_api_error(answer);
        if (error.code == "concurrent_idempotent_requests")
            return {Outcome::indeterminate, "", "Resend answered " + error.text,
                    answer.retry_after};
        if (error.code == "invalid_idempotent_request")
            return {Outcome::indeterminate, "",
                    fmt::format("Resend answered {}; another e-mail was sent with this key",
                                error.text)};
        return read_refusal(name(), answer);
    }

    HttpRequest probe() const override
    {
        HttpRequest request;
        request.bound = mail_answer("Resend");
        request.url = url_ + "/domains";
        request.bearer = key_;
        return request;
    }

    std::string probed(const HttpResponse& answer) const override
    {
        if (parse_api_error(answer).code == "restricted_api_key")
            return "resend answers and accepts the key, which may send and do nothing else";
        return MailProvider::probed(answer);
    }

  private:
    std::string url_, key_, from_, reply_to_;
};

} // namespace

std::unique_ptr<MailProvider> resend_provider(const Configuration& configuration)
{
    return std::make_unique<Resend>(configuration);
}

} // namespace timesheetd
