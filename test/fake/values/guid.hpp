#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fake
{

// A GUID as two big-endian halves, so that number order is text order.
struct Guid {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    bool operator==(const Guid& other) const { return high == other.high && low == other.low; }
    bool operator!=(const Guid& other) const { return !(*this == other); }
    bool operator<(const Guid& other) const
    {
        return high != other.high ? high < other.high : low < other.low;
    }
};

// The version-4-shaped GUID of object (a, b) of one kind: the same for the same arguments, always.
Guid make_guid(std::uint64_t seed, std::string_view kind, std::uint64_t a, std::uint64_t b = 0);

// Appends the 36 lower-case characters.
void append_guid(std::string& out, const Guid& guid);
std::string to_text(const Guid& guid);

// Reads the 36-character form, either case; false when it is anything else.
bool parse_guid(std::string_view text, Guid& guid);

} // namespace fake
