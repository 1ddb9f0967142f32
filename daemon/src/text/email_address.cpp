#include "text/email_address.hpp"

#include <algorithm>
#include <string_view>

namespace timesheetd
{

namespace
{

constexpr std::size_t max_address = 254;
constexpr std::size_t max_local_part = 64;

bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_of_local_part(char c)
{
    return is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label)
{
    return !label.empty() && is_letter_or_digit(label.front()) &&
           is_letter_or_digit(label.back()) && std::all_of(label.begin(), label.end(), [](char c) {
               return is_letter_or_digit(c) || c == '-';
           });
}

// At least two labels, of which the last has at least two characters.
bool is_domain(std::string_view domain)
{
    std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || domain.size() - dot < 3)
        return false;
    for (std::size_t begin = 0; begin <= domain.size();) {
        std::size_t end = std::min(domain.find('.', begin), domain.size());
        if (!is_label(domain.substr(begin, end - begin)))
            return false;
        begin = end + 1;
    }
    return true;
}

} // namespace

bool is_email_address(const std::string& text)
{
    std::size_t at = text.find('@');
    if (at == std::string::npos || at == 0 || at > max_local_part || text.size() > max_address)
        return false;
    std::string_view whole = text;
    std::string_view local_part = whole.substr(0, at);
    return std::all_of(local_part.begin(), local_part.end(), is_of_local_part) &&
           is_domain(whole.substr(at + 1));
}

} // namespace timesheetd
