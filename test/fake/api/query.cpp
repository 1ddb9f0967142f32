#include "api/query.hpp"

#include <charconv>
#include <set>

namespace fake
{

namespace
{

constexpr std::size_t default_page_size = 50;

std::string decode(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+') {
            out += ' ';
        } else if (text[at] == '%') {
            unsigned byte = 0;
            const char* first = text.data() + at + 1;
            if (text.size() - at < 3 ||
                std::from_chars(first, first + 2, byte, 16).ptr != first + 2)
                throw bad_query("Broken percent-encoding.");
            out += static_cast<char>(byte);
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

int known_property(const Schema& schema, std::string_view name)
{
    int property = schema.find(name);
    if (property < 0)
        throw bad_query("Could not find a property named '" + std::string(name) + "' on " +
                        schema.resource + ".");
    return property;
}

std::size_t natural(const std::string& name, const std::string& text)
{
    std::size_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        throw bad_query("Invalid value '" + text + "' for " + name + ".");
    return value;
}

std::vector<Query::Order> parse_order(const Schema& schema, std::string_view text)
{
    std::vector<Query::Order> order;
    for (std::string_view part : split(text, ',')) {
        part = trimmed(part);
        std::size_t space = part.find(' ');
        std::string_view direction =
            space == std::string_view::npos ? "asc" : trimmed(part.substr(space));
        int property = known_property(schema, part.substr(0, space));
        if (direction != "asc" && direction != "desc")
            throw bad_query("Syntax error in $orderby '" + std::string(part) + "'.");
        if (schema.properties[static_cast<std::size_t>(property)].type == Type::complex)
            throw bad_query("$orderby on a complex property.");
        order.push_back({property, direction == "desc"});
    }
    return order;
}

} // namespace

Parameters parse_parameters(std::string_view text)
{
    Parameters parameters;
    if (text.empty())
        return parameters;
    for (std::string_view part : split(text, '&')) {
        std::size_t equals = part.find('=');
        std::string_view value =
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        parameters.emplace_back(decode(part.substr(0, equals)), decode(value));
    }
    return parameters;
}

Query parse_query(const Schema& schema, const Parameters& parameters, std::size_t page_cap)
{
    Query query;
    query.top = std::min(default_page_size, page_cap);
    std::string filter, order;
    std::set<std::string_view> seen;
    for (const auto& [name, value] : parameters) {
        if (name.empty() || name[0] != '$')
            continue;
        if (!seen.insert(name).second)
            throw bad_query("Query option " + name + " was given more than once.");
        if (name == "$top") {
            query.asked_top = natural(name, value);
            query.top = std::min(query.asked_top, page_cap);
        } else if (name == "$skip") {
            query.skip = natural(name, value);
        } else if (name == "$count") {
            if (value != "true" && value != "false")
                throw bad_query("Invalid value '" + value + "' for $count.");
            query.count = value == "true";
        } else if (name == "$select") {
            for (std::string_view part : split(value, ','))
                if (trimmed(part) != "*") {
                    query.everything = false;
                    query.selected.push_back(known_property(schema, trimmed(part)));
                }
        } else if (name == "$orderby") {
            order = value;
            query.order = parse_order(schema, value);
        } else if (name == "$filter") {
            filter = value;
            query.filter = Filter(schema, value);
        } else if (name != "$expand") {
            throw bad_query("The query parameter '" + name + "' is not supported.");
        }
    }
    query.list_key = filter + '\0' + order;
    if (query.everything) {
        query.selected.clear();
        for (std::size_t i = 0; i < schema.properties.size(); ++i)
            query.selected.push_back(static_cast<int>(i));
    }
    return query;
}

} // namespace fake
