#include "airtable_client.hpp"

#include "json_prelude.hpp"
#include "service_answer.hpp"
#include "stop.hpp"
#include "utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr int page_size = 100; // the most there is
constexpr int most_pages = 1000;
constexpr int most_readings = 3;
constexpr double requests_per_second = 4; // five are allowed
// Airtable wants half a minute of peace after a 429, and says so nowhere.
constexpr std::chrono::seconds peace{30};
constexpr RetryPolicy airtable_retries{4, std::chrono::seconds(1), 2.0, std::chrono::seconds(30),
                                       std::chrono::minutes(2)};

std::string remedy(long status)
{
    switch (status) {
    case 401:
        return "check AIRTABLE_TOKEN";
    case 403:
    case 404:
        return "check AIRTABLE_BASE_ID and AIRTABLE_TABLE, and that the token has the scope "
               "data.records:read and access to the base";
    case 422:
        return "check that the table has the fields of AIRTABLE_EMAIL_FIELD and "
               "AIRTABLE_GROUP_FIELD";
    default:
        return "check the AIRTABLE_… variables";
    }
}

} // namespace

AirtableClient::AirtableClient(const Configuration& configuration)
    : rate_limit_(requests_per_second),
      retrying_(airtable_retries, "check the network, Airtable's status and AIRTABLE_API_URL")
{
    configuration.demand({"AIRTABLE_TOKEN", "AIRTABLE_BASE_ID"});
    table_url_ = fmt::format("{}/v0/{}/{}", configuration.text("AIRTABLE_API_URL"),
                             percent_encoded(configuration.text("AIRTABLE_BASE_ID")),
                             percent_encoded(configuration.text("AIRTABLE_TABLE")));
    token_ = configuration.text("AIRTABLE_TOKEN");
    email_field_ = configuration.text("AIRTABLE_EMAIL_FIELD");
    group_field_ = configuration.text("AIRTABLE_GROUP_FIELD");
}

std::string AirtableClient::records()
{
    for (int reading = 1; reading <= most_readings; ++reading) {
        std::string records;
        std::string offset;
        Page page;
        int pages = 0;
        do {
            page = add_page(offset, page_size, records);
            if (!page.offset.empty() && page.offset == offset)
                throw Failure("Airtable: the same page came twice; start again");
            offset = page.offset;
        } while (!page.is_lost && !offset.empty() && ++pages < most_pages);
        if (!page.is_lost && offset.empty())
            return "[" + records + "]";
        if (!page.is_lost)
            throw Failure(
                fmt::format("Airtable: more than {} pages came; check AIRTABLE_TABLE", most_pages));
        spdlog::info("Airtable lost its place in the table; reading it again");
    }
    throw Failure(
        fmt::format("Airtable lost its place in the table {} times; start again", most_readings));
}

void AirtableClient::probe()
{
    std::string records;
    add_page("", 1, records);
}

AirtableClient::Page AirtableClient::add_page(const std::string& offset, int size,
                                              std::string& records)
{
    std::string url = fmt::format("{}?pageSize={}", table_url_, size);
    for (const std::string& field : {email_field_, group_field_})
        url += "&fields%5B%5D=" + percent_encoded(field);
    if (!offset.empty())
        url += "&offset=" + percent_encoded(offset);

    return retrying_("Airtable", [&] {
        HttpResponse answer = get(url);
        if (answer.status != 200) {
            ServiceError error = service_error(answer);
            if (error.code == "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
                return Page{"", true};
            throw Failure(
                fmt::format("Airtable answered {}; {}", error.text, remedy(answer.status)));
        }
        make_storable(answer.body);
        rapidjson::Document document;
        document.Parse<rapidjson::kParseIterativeFlag>(answer.body.data(), answer.body.size());
        auto list = document.HasParseError() || !document.IsObject()
                        ? rapidjson::Value::ConstMemberIterator()
                        : document.FindMember("records");
        if (document.HasParseError() || !document.IsObject() || list == document.MemberEnd() ||
            !list->value.IsArray())
            throw TransientFailure("malformed answer: it has no list of records");
        std::string added;
        for (const rapidjson::Value& record : list->value.GetArray()) {
            rapidjson::StringBuffer text;
            rapidjson::Writer<rapidjson::StringBuffer> writer(text);
            record.Accept(writer);
            added += (records.empty() && added.empty() ? "" : ",");
            added.append(text.GetString(), text.GetSize());
        }
        records += added; // not before the page was understood whole
        auto next = document.FindMember("offset");
        return Page{next != document.MemberEnd() && next->value.IsString()
                        ? std::string(next->value.GetString(), next->value.GetStringLength())
                        : "",
                    false};
    });
}

HttpResponse AirtableClient::get(const std::string& url)
{
    sleep_unless_stopped(
        std::chrono::ceil<std::chrono::milliseconds>(rate_limit_.reserve(RateLimit::Clock::now())));
    HttpRequest request;
    request.url = url;
    request.bearer = token_;
    HttpResponse answer = http_.perform(request);
    if (is_transient_status(answer.status)) {
        ServiceError error = service_error(answer);
        if (error.code == "PUBLIC_API_BILLING_LIMIT_EXCEEDED")
            throw Failure(fmt::format("Airtable answered {}; the plan's calls of this month are "
                                      "used up: upgrade it, or wait for the next month",
                                      error.text));
        std::chrono::milliseconds wait = answer.asked_wait;
        if (answer.status == 429)
            wait = std::max<std::chrono::milliseconds>(wait, peace);
        throw TransientFailure("answered " + error.text, wait);
    }
    return answer;
}

} // namespace timesheetd
