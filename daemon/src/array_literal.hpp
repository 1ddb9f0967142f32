#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace timesheetd
{

// A PostgreSQL text[] in text form, built element by element: {"a","b \"c\"",NULL}
class ArrayLiteral
{
  public:
    // Nothing is NULL.
    void add(std::optional<std::string_view> element);
    // Adds all elements of another one that is not closed.
    void append(const ArrayLiteral& other);
    // Closes the literal; nothing may be added after.
    const char* c_str();

  private:
    std::string text_ = "{";
    bool is_closed_ = false;
};

} // namespace timesheetd
