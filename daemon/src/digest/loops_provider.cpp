// Loops: the template lives there and is filled from data variables (docs/loops.md lists them);
// refuses an idempotency key that it accepted within 24 hours.
#include "digest/mail_provider.hpp"
#include "digest/refusal_table.hpp"
#include "text/json_answer.hpp"

namespace timesheetd
{

namespace
{

using Value = rapidjson::Value;

// One line for each item of a list.
template <class Line>
std::string lines(const Value& object, const char* list, Line line)
{
    std::string text;
    auto found = object.FindMember(list);
    if (found == object.MemberEnd() || !found->value.IsArray())
        return text;
    for (const Value& item : found->value.GetArray())
        text += (text.empty() ? "" : "\n") + line(item);
    return text;
}

std::string hours_line(const Value& item)
{
    std::string unconfirmed = text_member(item, "unconfirmed");
    bool has_some = !unconfirmed.empty() && unconfirmed != "0.00";
    return fmt::format("{}: {} h{}", text_member(item, "name"), text_member(item, "hours"),
                       has_some ? fmt::format(" ({} h unconfirmed)", unconfirmed) : "");
}

// Links to the portal, alerts and briefings have no hours; the template, which is that of the
// digests, wants them.
rapidjson::Document content_of(const Mail& mail)
{
    rapidjson::Document content;
    JsonProblem why = parse_json_object(content, mail.content, digest_document);
    if (why.empty() && (mail.category == "portal_link" || mail.category == "alert" ||
                        mail.category == "briefing")) {
        Value title(mail.subject.c_str(), content.GetAllocator());
        if (!content.HasMember("title"))
            content.AddMember("title", title, content.GetAllocator());
        content.AddMember("total", Value(rapidjson::kObjectType), content.GetAllocator());
    }
    if (!why.empty() || !content.HasMember("total"))
        throw std::logic_error("an e-mail's content cannot be read: " +
                               (why.empty() ? "it has no total" : why.text));
    return content;
}

class Loops : public MailProvider
{
  public:
    explicit Loops(const Configuration& c)
    {
        c.require({"LOOPS_API_KEY", "LOOPS_TRANSACTIONAL_ID"});
        url_ = c.text("LOOPS_API_URL");
        key_ = c.text("LOOPS_API_KEY");
        transactional_id_ = c.text("LOOPS_TRANSACTIONAL_ID");
    }

    const char* name() const override { return "loops"; }
    std::chrono::hours idempotency_window() const override { return std::chrono::hours(23); }

    HttpRequest request(const Mail& mail) const override
    {
        rapidjson::Document content = content_of(mail);
        const Value& total = content["total"];
        std::string agents = lines(content, "client_groups", [](const Value& group) {
            return fmt::format("{} ({} h)\n", text_member(group, "name"),
                               text_member(group, "hours")) +
                   lines(group, "agents", hours_line);
        });

        rapidjson::StringBuffer text;
        rapidjson::Writer<rapidjson::StringBuffer> writer(text);
        auto write = [&](const char* name, const std::string& value) {
            write_text(writer, name, value);
        };
        writer.StartObject();
        write("email", mail.to);
        write("transactionalId", transactional_id_);
        writer.Key("dataVariables");
        writer.StartObject();
        write("subject", mail.subject);
        // The template is not ours: what a preview says at its top goes where every template begins.
        std::string preview = text_member(content, "preview_text");
        write("title", preview + (preview.empty() ? "" : "\n") + text_member(content, "title"));
        for (const char* name : {"preheader", "period", "time_zones", "as_of"})
            write(name, text_member(content, name));
        write("total_hours", text_member(total, "hours"));
        write("previous_hours", text_member(total, "previous"));
        write("unconfirmed_hours", text_member(total, "unconfirmed"));
        write("client_groups", lines(content, "client_groups", hours_line));
        write("agents", agents);
        write("activities", lines(content, "activities", hours_line));
        write("notes", lines(content, "notes", [](const Value& note) {
                  return fmt::format("{} ({}), {}: {}", text_member(note, "when"),
                                     text_member(note, "time_zone"), text_member(note, "agent"),
                                     text_member(note, "text"));
              }));
        write("corrections", lines(content, "corrections", [](const Value& correction) {
                  return fmt::format("{}: {} h, now {} h: {}", text_member(correction, "period"),
                                     text_member(correction, "was"), text_member(correction, "now"),
                                     text_member(correction, "reasons"));
              }));
        write("digest", mail.text);
        write("page_url", mail.page);
        write("unsubscribe_url", mail.unsubscribe);
        writer.EndObject();
        writer.EndObject();

        HttpRequest request;
        request.bound = mail_answer("Loops");
        request.url = url_ + "/api/v1/transactional";
        request.bearer = key_;
        request.json = std::string(text.GetString(), text.GetSize());
        request.headers = {"Idempotency-Key: " + mail.key};
        request.is_non_idempotent = true;
        return request;
    }

    MailAnswer read(const HttpResponse& answer) const override
    {
        if (is_success(answer)) {
            rapidjson::Document document;
            bool was_accepted = parse_json_object(document, answer.body, short_answer).empty() &&
                                document.HasMember("success") && document["success"].IsTrue();
            if (was_accepted)
                return {Outcome::accepted, "", ""};
            return {Outcome::indeterminate, "",
                    fmt::format("Loops answered {} without success", answer.status)};
        }
        // The key is ours alone: an attempt before this one was accepted.
        if (answer.status == 409)
            return {Outcome::accepted, "", ""};
        return read_refusal(name(), answer);
    }

    HttpRequest probe() const override
    {
        HttpRequest request;
        request.bound = mail_answer("Loops");
        request.url = url_ + "/api/v1/api-key";
        request.bearer = key_;
        return request;
    }

    std::string probed(const HttpResponse& answer) const override
    {
        return MailProvider::probed(answer) +
               "; only an e-mail will show whether the template exists";
    }

  private:
    std::string url_, key_, transactional_id_;
};

} // namespace

std::unique_ptr<MailProvider> loops_provider(const Configuration& configuration)
{
    return std::make_unique<Loops>(configuration);
}

} // namespace timesheetd
