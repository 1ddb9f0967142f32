#include "digest/digest_preview.hpp"

#include "digest/digest_template.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "process/log.hpp"
#include "process/standard_streams.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

std::string indented(const std::string& json)
{
    rapidjson::Document document;
    if (JsonProblem why = parse_json(document, json, digest_document); !why.empty())
        throw Failure(fmt::format("the digest's content cannot be read: {}", why.text));
    rapidjson::StringBuffer text;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(text);
    writer.SetIndent(' ', 2);
    document.Accept(writer);
    return {text.GetString(), text.GetSize()};
}

std::string in_format(const std::string& content, const DigestLinks& links, DigestFormat format)
{
    if (format == DigestFormat::json)
        return indented(content);
    RenderedDigest rendered = render_digest(content, links);
    return format == DigestFormat::html ? rendered.html : rendered.text;
}

} // namespace

void preview_digest(const Configuration& configuration, const std::string& contact,
                    std::optional<Date> week_of, DigestFormat format)
{
    Database database(configuration.text("DATABASE_URL"));
    require_readable_schema(database);
    std::string day = week_of ? to_text(*week_of) : "";
    Rows found = database.query(
        "SELECT timesheet.digest_content(c.id, timesheet.contact_week(c.id, coalesce($2::date, "
        "timesheet.last_week_day()))) - 'reported', (SELECT unsubscribe_token FROM "
        "timesheet.contacts WHERE contact_id = c.id), (SELECT "
        "timesheet.office_time_text(missing_since) FROM timesheet.contacts WHERE contact_id = "
        "c.id) FROM timesheet.contact_id($1) AS c (id)",
        {contact, week_of ? day.c_str() : nullptr});
    DigestLinks links = digest_links(configuration, found.text(0, 1));
    if (!configuration.text("PORTAL_URL").empty())
        links.page.clear(); // the contact gets a link of its own, which others are not shown
    std::string text = in_format(found.text(0, 0), links, format);
    if (!found.is_null(0, 2))
        log::warn(
            "{} gets no digest: Airtable has not listed the address since {}, and the list lost "
            "more than half of its contacts; check that the list is complete, or accept it with "
            "timesheetd contacts --allow-mass-deletion",
            contact, found.text(0, 2));
    print_output(visible_lines(text + "\n"));
}

} // namespace timesheetd
