#include "alerts/webhook.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

#include "http/api_error.hpp"
#include "http/url_parts.hpp"
#include "process/scrubber.hpp"
#include "process/time_limit.hpp"
#include "text/json_prelude.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::chrono::seconds max_duration{10};
constexpr std::chrono::seconds min_duration{1};
constexpr AnswerBound answer_bound{"the webhook", 1 << 20, "check ALERT_WEBHOOK_URL"};
constexpr std::size_t max_quote = 100;
constexpr std::size_t max_error = 300;

bool ends_with(std::string_view text, std::string_view end)
{
    return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return ends_with(text, end); });
}

// Slack's markup begins with these three.
std::string slack_text(const std::string& text)
{
    std::string escaped;
    for (char c : text)
        c == '&'   ? escaped += "&amp;"
        : c == '<' ? escaped += "&lt;"
        : c == '>' ? escaped += "&gt;"
                   : escaped += c;
    return escaped;
}

// Markdown: a single line end would be a blank.
std::string teams_text(const std::string& text)
{
    std::string lines;
    for (char c : text)
        c == '\n' ? lines += "\n\n" : lines += c;
    return lines;
}

// One block of text in a card, as Teams' incoming webhooks take it.
void write_card(Writer& writer, const std::string& text)
{
    writer.StartObject();
    write_text(writer, "contentType", "application/vnd.microsoft.card.adaptive");
    writer.Key("content");
    writer.StartObject();
    write_text(writer, "$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    write_text(writer, "type", "AdaptiveCard");
    write_text(writer, "version", "1.2");
    writer.Key("body");
    writer.StartArray();
    writer.StartObject();
    write_text(writer, "type", "TextBlock");
    write_text(writer, "text", teams_text(text));
    writer.Key("wrap");
    writer.Bool(true);
    writer.EndObject();
    writer.EndArray();
    writer.EndObject();
    writer.EndObject();
}

// What came back, as a person may search for it: "404 (no_service)".
std::string said(const HttpResponse& answer)
{
    std::string text = parse_api_error(answer).text;
    std::string body = one_line(answer.body.substr(0, answer.body.find_last_not_of(" \r\n") + 1));
    bool is_plain = !body.empty() && body.size() <= max_quote &&
                    std::string_view("<{[").find(body[0]) == std::string_view::npos;
    return is_plain && text.back() != ')' ? fmt::format("{} ({})", text, body) : text;
}

std::string shown(const std::string& error)
{
    return one_line(scrubber().scrub(error), max_error);
}

} // namespace

WebhookForm webhook_form(const std::string& url)
{
    std::optional<UrlParts> parts = url_parts(url);
    if (!parts)
        return WebhookForm::generic;
    if (ends_with_any(parts->host, {".slack.com", ".slack-gov.com"}))
        return WebhookForm::slack;
    if (ends_with_any(parts->host,
                      {".webhook.office.com", ".logic.azure.com", ".powerplatform.com"}))
        return WebhookForm::teams;
    return WebhookForm::generic;
}

std::string webhook_json(WebhookForm form, const std::string& text)
{
    rapidjson::StringBuffer json;
    Writer writer(json);
    writer.StartObject();
    if (form == WebhookForm::teams) {
        write_text(writer, "type", "message");
        writer.Key("attachments");
        writer.StartArray();
        write_card(writer, text);
        writer.EndArray();
    } else {
        write_text(writer, "text", form == WebhookForm::slack ? slack_text(text) : text);
    }
    writer.EndObject();
    return {json.GetString(), json.GetSize()};
}

WebhookAnswer read_webhook_answer(const HttpResponse& answer)
{
    WebhookAnswer read;
    read.was_sent = answer.status >= 200 && answer.status < 300;
    if (read.was_sent)
        return read;
    bool is_client_error = answer.status >= 400 && answer.status < 500;
    read.is_refused = is_client_error && !is_transient_status(answer.status);
    read.error =
        shown(fmt::format("the webhook answered {}; check ALERT_WEBHOOK_URL", said(answer)));
    read.wait = answer.retry_after;
    return read;
}

Webhook::Webhook(const Configuration& configuration) : url_(configuration.text("ALERT_WEBHOOK_URL"))
{
}

WebhookAnswer Webhook::post(const std::string& text)
{
    HttpRequest request;
    request.url = url_;
    request.json = webhook_json(webhook_form(url_), text);
    request.bound = answer_bound;
    request.is_secret_url = true;
    request.is_non_idempotent = true; // what is begun is recorded
    request.timeout = max_duration;
    if (auto left = time_left())
        request.timeout = std::clamp<std::chrono::milliseconds>(
            std::chrono::duration_cast<std::chrono::milliseconds>(*left), min_duration,
            max_duration);
    WebhookAnswer failed;
    try {
        return read_webhook_answer(http_.perform(request));
    } catch (const Failure& e) {
        failed.error = shown(e.what());
    } catch (const TransientFailure& e) {
        failed.error =
            shown(fmt::format("no answer from the webhook: {}; check ALERT_WEBHOOK_URL", e.what()));
    }
    return failed;
}

} // namespace timesheetd
