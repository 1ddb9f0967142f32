#pragma once

#include "api/schema.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fake
{

// Objects of one resource that are rendered on request instead of being kept as text.
class CompactRows
{
  public:
    virtual ~CompactRows() = default;

    virtual std::size_t size() const = 0;
    virtual Guid id(std::size_t row) const = 0;
    virtual Value value(std::size_t row, int property) const = 0;

    // Appends the JSON of one property's value.
    virtual void append_value(std::string& out, std::size_t row, int property) const = 0;

    // A superset of the rows whose date lies in [first, last], without looking at every row.
    virtual std::vector<std::uint32_t> rows_between(Days first, Days last) const = 0;
};

} // namespace fake
