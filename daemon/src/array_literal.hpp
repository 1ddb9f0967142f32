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
    void add(std::string_view element);
    void add_null();
    void add(const std::optional<std::string_view>& element)
    {
        element ? add(*element) : add_null();
    }
    // Closes the literal; nothing may be added after.
    const char* c_str();

  private:
    std::string text_ = "{";
    bool closed_ = false;
};

} // namespace timesheetd
