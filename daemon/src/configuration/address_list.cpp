#include "configuration/address_list.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "process/failure.hpp"
#include "text/email_address.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t max_addresses = 20;
constexpr std::size_t max_quote = 100;
constexpr const char* remedy =
    "give plain addresses with commas between them, such as ann@example.com,bob@example.com";

std::string trimmed(const std::string& text)
{
    std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string::npos)
        return "";
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string in_lower_case(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

} // namespace

std::vector<std::string> parse_address_list(const std::string& variable, const std::string& text)
{
    std::vector<std::string> addresses;
    for (std::size_t begin = 0; begin <= text.size();) {
        std::size_t end = std::min(text.find(',', begin), text.size());
        std::string item = trimmed(text.substr(begin, end - begin));
        begin = end + 1;
        if (item.empty()) // a comma at the end
            continue;
        std::string address = in_lower_case(item);
        if (!is_email_address(address))
            throw WrongUsage(fmt::format("{}: \"{}\" is not an e-mail address; {}", variable,
                                         one_line(item, max_quote), remedy));
        if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
            addresses.push_back(address);
    }
    if (addresses.empty())
        throw WrongUsage(fmt::format("{}: \"{}\" names no address; {}", variable,
                                     one_line(text, max_quote), remedy));
    if (addresses.size() > max_addresses)
        throw WrongUsage(fmt::format("{}: it names {} addresses, more than {}; give the address of "
                                     "a group, which your mail server passes on to its members",
                                     variable, addresses.size(), max_addresses));
    return addresses;
}

} // namespace timesheetd
