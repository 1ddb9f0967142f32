#include "text/guid.hpp"

namespace timesheetd
{

std::optional<Guid> parse_guid(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    Guid guid{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
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
