#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace timesheetd
{

// A PostgreSQL text[] in its binary form, built element by element:
//
//   dimensions, has nulls, element type | elements, first index | length, bytes | -1 | length, …
//
// each number four bytes, big-endian. Sent so, nothing has to be escaped and parsed.
class TextArray
{
  public:
    // Nothing is NULL.
    void add(std::optional<std::string_view> element);
    // What goes over the wire; good until the next change.
    std::string_view bytes();

  private:
    std::string bytes_ = std::string(header_size, '\0');
    std::uint32_t count_ = 0;
    bool has_nulls_ = false;

    static constexpr std::size_t header_size = 20;
};

} // namespace timesheetd
