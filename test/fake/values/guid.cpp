#include "values/guid.hpp"

#include "values/random.hpp"

namespace fake
{

Guid make_guid(std::uint64_t seed, std::string_view kind, std::uint64_t a, std::uint64_t b)
{
    Random random = stream(seed, kind, a, b);
    Guid guid{random.next(), random.next()};
    guid.high = (guid.high & ~0xf000ULL) | 0x4000ULL;
    guid.low = (guid.low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
    return guid;
}

void append_guid(std::string& out, const Guid& guid)
{
    static const char digits[] = "0123456789abcdef";
    char text[36];
    int at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20)
            text[at++] = '-';
        std::uint64_t half = nibble < 16 ? guid.high : guid.low;
        text[at++] = digits[(half >> (60 - 4 * (nibble & 15))) & 15];
    }
    out.append(text, sizeof text);
}

std::string to_text(const Guid& guid)
{
    std::string text;
    append_guid(text, guid);
    return text;
}

bool parse_guid(std::string_view text, Guid& guid)
{
    if (text.size() != 36)
        return false;
    std::uint64_t half[2] = {0, 0};
    int nibble = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (c != '-')
                return false;
            continue;
        }
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<unsigned>(c - 'A' + 10);
        else
            return false;
        half[nibble / 16] = half[nibble / 16] << 4 | digit;
        ++nibble;
    }
    guid = Guid{half[0], half[1]};
    return true;
}

} // namespace fake
