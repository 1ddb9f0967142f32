// One page of a collection, as Jibble sent it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/guid.hpp"

namespace timesheetd
{

// The rows' texts, in one allocation however many they are.
class RowTexts
{
  public:
    void add(const std::optional<Guid>& id, std::string_view text)
    {
        texts_ += text;
        rows_.push_back({id, texts_.size()});
    }

    std::size_t size() const { return rows_.size(); }
    // Its "id", if it is an object that has one in GUID form.
    const std::optional<Guid>& id(std::size_t row) const { return rows_[row].id; }
    std::string_view text(std::size_t row) const
    {
        std::size_t begin = row == 0 ? 0 : rows_[row - 1].end;
        return std::string_view(texts_).substr(begin, rows_[row].end - begin);
    }

  private:
    struct Row {
        std::optional<Guid> id;
        std::size_t end;
    };
    std::string texts_;
    std::vector<Row> rows_;
};

// What a row is recognised by: its id, else its text.
struct RowMark {
    std::size_t hash = 0;
    bool has_guid = false;

    bool operator==(const RowMark& other) const
    {
        return hash == other.hash && has_guid == other.has_guid;
    }
};

struct Page {
    RowTexts texts;          // to be stored
    std::vector<Guid> guids; // of the objects that have one
    std::size_t rows = 0;
    RowMark first, last;                // of the rows, if there are any
    std::size_t fingerprint = 0;        // of the objects' texts, in their order
    std::optional<std::uint64_t> count; // of the whole collection, if Jibble said so
    bool has_objects = false;           // any of the rows is an object
    bool names_members = true;          // any of those that the resource must have
    bool names_values = true;           // and a text for any of them, not only nulls
};

} // namespace timesheetd
