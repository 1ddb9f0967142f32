#include "api/timesheet_query.hpp"

#include "api/api_error.hpp"

namespace fake
{

namespace
{

// Nothing when it is absent.
std::optional<std::string> single(const Parameters& parameters, const std::string& name)
{
    std::optional<std::string> found;
    for (const auto& [known, value] : parameters)
        if (known == name) {
            if (found)
                throw bad_query("Parameter " + name + " was given more than once.");
            found = value;
        }
    return found;
}

std::string required(const Parameters& parameters, const std::string& name)
{
    auto value = single(parameters, name);
    if (!value)
        throw bad_query("Parameter " + name + " is missing.");
    return *value;
}

Days required_date(const Parameters& parameters, const std::string& name)
{
    std::string text = required(parameters, name);
    Days date;
    if (!parse_date(text, date))
        throw bad_query("Invalid value '" + text + "' for " + name + ".");
    return date;
}

// personIds=…&personIds=…, each an id of its own.
void read_people(const Parameters& parameters, TimesheetQuery& query)
{
    for (const auto& [name, value] : parameters) {
        if (name != "personIds")
            continue;
        Guid id;
        if (!parse_guid(value, id))
            throw bad_query("Invalid value '" + value + "' for personIds.");
        if (!query.people)
            query.people.emplace();
        query.people->insert(id);
        ++query.people_asked;
    }
}

} // namespace

TimesheetQuery parse_timesheet_query(const Schema& schema, const Parameters& parameters,
                                     std::size_t page_cap)
{
    TimesheetQuery query;
    std::string period = required(parameters, "period");
    if (period != "Custom")
        throw bad_query("Invalid value '" + period + "' for period.");
    query.first = required_date(parameters, "date");
    query.last = required_date(parameters, "endDate");
    if (query.last < query.first)
        throw bad_query("endDate is before date.");
    read_people(parameters, query);
    query.page = parse_query(schema, parameters, page_cap);
    return query;
}

} // namespace fake
