#include "alerts/test_message.hpp"

#include <random>

#include <fmt/format.h>

#include "digest/digest_template.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

namespace
{

constexpr const char* subject = "Test: a message about trouble would arrive here";
constexpr const char* meaning = "Nothing is wrong: this is a test by timesheetd check --send-test.";
constexpr const char* remedy = "You need not do anything.";

std::string content()
{
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> writer(text);
    writer.StartObject();
    write_text(writer, "subject", subject);
    write_text(writer, "preheader", meaning);
    write_text(writer, "title", subject);
    write_text(writer, "meaning", meaning);
    write_text(writer, "remedy", remedy);
    writer.EndObject();
    return {text.GetString(), text.GetSize()};
}

std::string random_key()
{
    std::random_device random;
    return fmt::format("send-test-{:08x}{:08x}{:08x}{:08x}", random(), random(), random(),
                       random());
}

} // namespace

std::string test_message_text()
{
    return fmt::format("{}\nWhat it means: {}\nWhat to do: {}", subject, meaning, remedy);
}

Mail test_mail(const std::string& address)
{
    Mail mail;
    mail.to = address;
    mail.subject = subject;
    mail.content = content();
    RenderedDigest rendered = render_alert(mail.content, "");
    mail.html = rendered.html;
    mail.text = rendered.text;
    mail.key = random_key();
    mail.category = "alert";
    return mail;
}

} // namespace timesheetd
