#include "api/api.hpp"

#include "personality/personality_query.hpp"
#include "values/json_writer.hpp"

#include <algorithm>

namespace fake
{

namespace
{

constexpr std::string_view token_path = "/identity/connect/token";

std::string parameter(const Parameters& parameters, std::string_view name)
{
    for (const auto& [known, value] : parameters)
        if (known == name)
            return value;
    return "";
}

// "Groups(8c1f…)" becomes "Groups", and its key is returned; empty where there is none.
std::string take_key(std::string& resource)
{
    std::size_t bracket = resource.find('(');
    if (bracket == std::string::npos || resource.back() != ')')
        return "";
    std::string key = resource.substr(bracket + 1, resource.size() - bracket - 2);
    resource.resize(bracket);
    return key;
}

// The one object of a page; empty where it shows none.
std::string only_object(const std::string& page)
{
    constexpr std::string_view value = "\"value\":[";
    std::size_t begin = page.find(value) + value.size();
    return page.substr(begin, page.size() - begin - 2);
}

ApiAnswer token_error(const char* error)
{
    return {400, std::string("{\"error\":\"") + error + "\"}"};
}

} // namespace

ApiAnswer Api::answer(const ApiRequest& request)
{
    try {
        if (request.path == token_path)
            return answer_token(request);
        return {200, answer_resource(request)};
    } catch (const ApiError& error) {
        return {error.status, error_body(error)};
    }
}

ApiAnswer Api::answer_token(const ApiRequest& request)
{
    if (request.method != "POST")
        return token_error("invalid_request");
    if (request.content_type.find("application/x-www-form-urlencoded") == std::string::npos)
        return token_error("invalid_request");
    Parameters form = parse_parameters(request.body);
    if (parameter(form, "grant_type") != "client_credentials")
        return token_error("unsupported_grant_type");
    if (parameter(form, "client_id") != credentials_.client_id ||
        parameter(form, "client_secret") != credentials_.client_secret)
        return token_error("invalid_client");
    auto owner = std::find_if(org_.people.begin(), org_.people.end(),
                              [](const Person& person) { return person.role == "Owner"; });
    JsonObject object;
    object.text("access_token", tokens_.issue());
    object.number("expires_in", tokens_.lifetime().count());
    object.text("token_type", "Bearer");
    object.text("scope", "api1");
    object.text("organizationId", to_text(org_.id));
    object.text("personId", to_text(owner->id));
    return {200, object.finish()};
}

std::string Api::answer_resource(const ApiRequest& request)
{
    constexpr std::string_view scheme = "Bearer ";
    if (request.authorization.compare(0, scheme.size(), scheme) != 0 ||
        !tokens_.is_valid(request.authorization.substr(scheme.size())))
        throw ApiError{401, "unauthorized", "The access token is missing, invalid or expired."};

    // "/host/v1/Resource"
    std::size_t host_end = request.path.find('/', 1);
    std::string host =
        request.path.substr(1, host_end == std::string::npos ? host_end : host_end - 1);
    constexpr std::string_view version = "/v1/";
    std::string resource;
    if (host_end != std::string::npos &&
        request.path.compare(host_end, version.size(), version) == 0)
        resource = request.path.substr(host_end + version.size());
    std::string key;
    if (personality_.object_by_key == Personality::ByKey::served)
        key = take_key(resource);
    const Schema& summary = TimesheetsSummary::schema();
    bool is_summary = host == summary.host && resource == summary.resource;
    std::string name = store_.name_of(host, resource);
    if (name.empty() && !is_summary)
        throw ApiError{404, "not_found", "No resource was found at " + request.path + "."};
    if (request.method != "GET")
        throw ApiError{405, "method_not_allowed", request.method + " is not allowed here."};

    Parameters parameters = parse_parameters(request.raw_query);
    if (!is_summary)
        for (RawObject& object : insertions_.take(name)) {
            std::unique_lock lock(store_.mutex());
            store_.by_name(name)->put(std::move(object));
        }
    std::shared_lock lock(store_.mutex());
    std::size_t page_cap = std::min(page_cap_, personality_.max_rows());
    if (is_summary)
        return summary_.page(parameters, page_cap);
    if (!key.empty())
        parameters.emplace_back("$filter", "id eq " + key);
    std::string page = store_.by_name(name)->page(
        personal_query(personality_, store_, name, parameters, page_cap));
    if (key.empty())
        return page;
    std::string object = only_object(page);
    if (object.empty())
        throw ApiError{404, "not_found", "No object was found at " + request.path + "."};
    return object;
}

} // namespace fake
