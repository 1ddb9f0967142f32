#include "text/guid.hpp"

namespace timesheetd
{

namespace
{

std::string_view trimmed(std::string_view text, std::string_view without)
{
    std::size_t first = text.find_first_not_of(without);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(without) - first + 1);
}

} // namespace

std::optional<Guid> parse_guid(std::string_view text)
{
    text = trimmed(text, " \t\r\n{}()");
    Guid guid{};
    std::size_t digits = 0;
    // 8-4-4-4-12 digits, with the hyphens or without.
    bool has_hyphens = text.size() == 36;
    if (!has_hyphens && text.size() != 32)
        return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (has_hyphens && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (c != '-')
                return std::nullopt;
            continue;
        }
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return std::nullopt;
        unsigned char& byte = guid[digits++ / 2];
        byte = static_cast<unsigned char>(byte << 4 | digit);
    }
    return guid;
}

std::string to_text(const Guid& guid)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned char byte : guid) {
        if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23)
            text += '-';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace timesheetd
