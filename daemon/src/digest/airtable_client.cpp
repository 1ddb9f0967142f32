#include "digest/airtable_client.hpp"

#include <algorithm>
#include <unordered_set>

#include "http/api_error.hpp"
#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr int page_size = 100; // the most there is
constexpr int max_pages = 1000;
constexpr int max_readings = 3;
// Three fields of a hundred records take some 30 KB; ten thousand contacts some 3 MB.
constexpr JsonBounds page_bounds{8 * mebibyte, 32, 200'000};
constexpr std::size_t max_bytes = 32 * mebibyte; // of all records together
constexpr std::size_t max_offset = 1000;
constexpr std::size_t max_id = 100;
constexpr const char* table_remedy =
    "check that AIRTABLE_TABLE is the table of contacts, and its fields plain texts or lists";
constexpr double requests_per_second = 4; // five are allowed
// Airtable asks for half a minute after a 429 in its documentation, not in its answer.
constexpr std::chrono::seconds min_wait_after_429{30};
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
        return "check that the table has the fields of AIRTABLE_EMAIL_FIELD, "
               "AIRTABLE_GROUP_FIELD and AIRTABLE_SUPERVISOR_FIELD";
    default:
        return "check the AIRTABLE_… variables";
    }
}

// fld and fourteen letters and digits; more are taken too, as Airtable promises no length.
bool is_field_id(const std::string& field)
{
    return field.size() >= 17 && field.compare(0, 3, "fld") == 0 &&
           std::all_of(field.begin() + 3, field.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

} // namespace

AirtableClient::AirtableClient(const Configuration& configuration)
    : rate_limit_(requests_per_second),
      retrier_(airtable_retries, "check the network, Airtable's status and AIRTABLE_API_URL")
{
    configuration.require({"AIRTABLE_TOKEN", "AIRTABLE_BASE_ID"});
    table_url_ = fmt::format("{}/v0/{}/{}", configuration.text("AIRTABLE_API_URL"),
                             percent_encoded(configuration.text("AIRTABLE_BASE_ID")),
                             percent_encoded(configuration.text("AIRTABLE_TABLE")));
    token_ = configuration.text("AIRTABLE_TOKEN");
    has_field_ids_ = is_field_id(configuration.text("AIRTABLE_EMAIL_FIELD"));
    for (const char* variable :
         {"AIRTABLE_EMAIL_FIELD", "AIRTABLE_GROUP_FIELD", "AIRTABLE_SUPERVISOR_FIELD"}) {
        const std::string& field = configuration.text(variable);
        if (field.empty())
            continue;
        if (is_field_id(field) != has_field_ids_) // an answer is by names, or by ids
            throw WrongUsage(fmt::format(
                "AIRTABLE_EMAIL_FIELD is \"{}\" and {} \"{}\": one is a name, the other a field's "
                "id; give the ids of both (fld…), or the names of both",
                configuration.text("AIRTABLE_EMAIL_FIELD"), variable, field));
        if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
            fields_.push_back(field);
    }
}

std::string AirtableClient::records()
{
    for (int reading = 1; reading <= max_readings; ++reading) {
        std::string records = "[";
        received_ = 0;
        std::string offset;
        std::unordered_set<std::string> offsets;
        Page page;
        int pages = 0;
        do {
            page = add_page(offset, page_size, records);
            offset = page.offset;
            if (!offset.empty() && !offsets.insert(offset).second)
                throw Failure("Airtable: the same page came twice; start again");
        } while (!page.is_lost && !offset.empty() && ++pages < max_pages);
        if (!page.is_lost && offset.empty()) {
            records += ']';
            return records;
        }
        if (!page.is_lost)
            throw Failure(
                fmt::format("Airtable: more than {} pages came; check AIRTABLE_TABLE", max_pages));
        log::info("Airtable's list of pages has expired; reading the table again");
    }
    throw Failure(
        fmt::format("Airtable's list of pages has expired {} times; start again", max_readings));
}

void AirtableClient::probe()
{
    std::string records = "[";
    add_page("", 1, records);
}

AirtableClient::Page AirtableClient::add_page(const std::string& offset, int size,
                                              std::string& records)
{
    std::string url = fmt::format("{}?pageSize={}", table_url_, size);
    for (const std::string& field : fields_)
        url += "&fields%5B%5D=" + percent_encoded(field);
    if (has_field_ids_) // it takes both in fields[], but answers by names
        url += "&returnFieldsByFieldId=true";
    if (!offset.empty())
        url += "&offset=" + percent_encoded(offset);

    return retrier_("Airtable", [&] {
        HttpResponse answer = get(url);
        if (answer.status != 200) {
            ApiError error = parse_api_error(answer);
            if (error.code == "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
                return Page{"", true};
            throw Failure(
                fmt::format("Airtable answered {}; {}", error.text, remedy(answer.status)));
        }
        make_storable(answer.body);
        received_ += answer.body.size(); // also of fields that were not asked for
        if (received_ > max_bytes)
            throw Failure(
                fmt::format("Airtable: its pages have more than {} MiB in all, the most that "
                            "is read; {}",
                            max_bytes >> 20, table_remedy));
        rapidjson::Document document;
        JsonProblem why = parse_json_object(document, answer.body, page_bounds);
        std::string().swap(answer.body);
        if (why.is_bound)
            throw Failure(
                fmt::format("Airtable's answer is too large: {}; {}", why.text, table_remedy));
        if (!why.empty())
            throw TransientFailure("malformed answer: " + why.text);
        auto list = document.FindMember("records");
        if (list == document.MemberEnd() || !list->value.IsArray())
            throw TransientFailure("malformed answer: it has no list of records");
        add_records(list->value, records);
        std::string next = text_member(document, "offset");
        if (next.size() > max_offset)
            throw TransientFailure(fmt::format("malformed answer: its offset has {} bytes, more "
                                               "than {}",
                                               next.size(), max_offset));
        return Page{next, false};
    });
}

void AirtableClient::add_records(const rapidjson::Value& list, std::string& records) const
{
    for (const rapidjson::Value& record : list.GetArray()) {
        rapidjson::StringBuffer text;
        rapidjson::Writer<rapidjson::StringBuffer> writer(text);
        writer.StartObject();
        if (record.IsObject()) {
            write_text(writer, "id", one_line(text_member(record, "id"), max_id));
            auto fields = record.FindMember("fields");
            writer.Key("fields");
            writer.StartObject();
            if (fields != record.MemberEnd() && fields->value.IsObject())
                for (const std::string& name : fields_)
                    if (auto field = fields->value.FindMember(name.c_str());
                        field != fields->value.MemberEnd()) {
                        writer.Key(name.c_str());
                        field->value.Accept(writer); // as deep as page_bounds allow
                    }
            writer.EndObject();
        }
        writer.EndObject();
        if (records.size() + text.GetSize() > max_bytes)
            throw Failure(
                fmt::format("Airtable: its records have more than {} MiB in all, the most "
                            "that is read; {}",
                            max_bytes >> 20, table_remedy));
        if (records.size() > 1)
            records += ',';
        records.append(text.GetString(), text.GetSize());
    }
}

HttpResponse AirtableClient::get(const std::string& url)
{
    sleep_unless_stopped(
        std::chrono::ceil<std::chrono::milliseconds>(rate_limit_.reserve(RateLimit::Clock::now())));
    HttpRequest request;
    request.url = url;
    request.bearer = token_;
    request.bound = {"Airtable", page_bounds.bytes, table_remedy};
    HttpResponse answer = http_.perform(request);
    if (is_transient_status(answer.status)) {
        ApiError error = parse_api_error(answer);
        if (error.code == "PUBLIC_API_BILLING_LIMIT_EXCEEDED")
            throw Failure(fmt::format("Airtable answered {}; the plan's calls of this month are "
                                      "exhausted: upgrade it, or wait for the next month",
                                      error.text));
        std::chrono::milliseconds wait = answer.retry_after;
        if (answer.status == 429)
            wait = std::max<std::chrono::milliseconds>(wait, min_wait_after_429);
        throw TransientFailure("answered " + error.text, wait);
    }
    return answer;
}

} // namespace timesheetd
