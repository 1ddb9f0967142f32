// Asks Airtable for the records of one table.
#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "http/http_client.hpp"
#include "http/rate_limit.hpp"
#include "http/retrier.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

class AirtableClient
{
  public:
    // Needs AIRTABLE_TOKEN and AIRTABLE_BASE_ID, and all fields by name or all by id. Throws
    // WrongUsage.
    explicit AirtableClient(const Configuration& configuration);

    // All records of AIRTABLE_TABLE, as a JSON array of their ids and the fields that matter.
    // However much the service answers, what is kept of it is bounded. Throws Failure.
    std::string records();
    // One request for one record, to see whether it may be read.
    void probe();

  private:
    struct Page {
        std::string offset;   // of the next one; empty: this was the last
        bool is_lost = false; // the offset was not known any more
    };

    Page add_page(const std::string& offset, int size, std::string& records);
    // Appends them to what has "[" or some records already.
    void add_records(const rapidjson::Value& list, std::string& records) const;
    HttpResponse get(const std::string& url);

    std::string table_url_;
    std::string token_;
    std::vector<std::string> fields_; // each once
    bool has_field_ids_ = false;      // they are ids, which stay when a column is renamed
    std::size_t received_ = 0;        // bytes of all answers of one reading
    HttpClient http_;
    RateLimit rate_limit_;
    Retrier retrier_;
};

} // namespace timesheetd
