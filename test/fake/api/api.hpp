#pragma once

#include "admin/insertions.hpp"
#include "admin/request_log.hpp"
#include "api/store.hpp"
#include "api/timesheets_summary.hpp"
#include "api/tokens.hpp"

#include <string>

namespace fake
{

// What the API needs to know of an HTTP request.
struct ApiRequest {
    std::string method;
    // "/time-tracking/v1/TimeEntries"
    std::string path;
    // As it came, still encoded.
    std::string raw_query;
    std::string content_type;
    std::string authorization;
    std::string body;
};

struct ApiAnswer {
    int status;
    std::string body;
};

struct Credentials {
    std::string client_id;
    std::string client_secret;
};

// Jibble's API without HTTP: the token endpoint and the OData resources.
class Api
{
  public:
    Api(const Organisation& organisation, Store& store, const TimesheetsSummary& summary,
        Insertions& insertions, Tokens& tokens, Credentials credentials, std::size_t page_cap,
        const Personality& personality)
        : org_(organisation), store_(store), summary_(summary), insertions_(insertions),
          tokens_(tokens), credentials_(std::move(credentials)), page_cap_(page_cap),
          personality_(personality)
    {
    }

    ApiAnswer answer(const ApiRequest& request);

  private:
    ApiAnswer answer_token(const ApiRequest& request);
    std::string answer_resource(const ApiRequest& request);

    const Organisation& org_;
    Store& store_;
    const TimesheetsSummary& summary_;
    Insertions& insertions_;
    Tokens& tokens_;
    Credentials credentials_;
    std::size_t page_cap_;
    // Changes under the store's mutex.
    const Personality& personality_;
};

} // namespace fake
