#pragma once

#include "values/guid.hpp"
#include "values/instant.hpp"

#include <string_view>

namespace fake
{

// What OData knows of a property; `complex` can be served, but neither filtered nor ordered by.
enum class Type : std::uint8_t { guid, date, instant, text, boolean, number, duration, complex };

// One property of one object, or a literal of a filter.
struct Value {
    enum class State : std::uint8_t {
        // Missing or not of its type: nothing can be said about it.
        unreadable,
        null,
        present
    };

    State state = State::unreadable;
    Type type = Type::complex;
    // date (days), instant (microseconds), boolean, duration (seconds)
    std::int64_t integer = 0;
    double number = 0;
    Guid guid;
    // Points into the object or the filter it came from.
    std::string_view text;

    static Value of_guid(const Guid& guid)
    {
        Value value{State::present, Type::guid};
        value.guid = guid;
        return value;
    }
    static Value of_integer(Type type, std::int64_t integer)
    {
        Value value{State::present, type};
        value.integer = integer;
        return value;
    }
    static Value of_number(double number)
    {
        Value value{State::present, Type::number};
        value.number = number;
        return value;
    }
    static Value of_text(std::string_view text)
    {
        Value value{State::present, Type::text};
        value.text = text;
        return value;
    }
    static Value none(Type type) { return Value{State::null, type}; }

  private:
    Value(State state, Type type) : state(state), type(type) {}

  public:
    Value() = default;
};

// Negative, zero or positive; what is not present comes first, unreadable before null.
inline int compare(const Value& a, const Value& b)
{
    auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (a.state != b.state || a.state != Value::State::present)
        return order(a.state, b.state);
    switch (a.type) {
    case Type::guid:
        return order(a.guid, b.guid);
    case Type::text:
        return order(a.text, b.text);
    case Type::number:
        return order(a.number, b.number);
    default:
        return order(a.integer, b.integer);
    }
}

} // namespace fake
