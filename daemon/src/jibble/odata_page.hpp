// One page of an OData collection, {"@odata.count":N,"value":[…]}, taken apart without changing a
// byte of what it holds: no tree is built, each object is a slice of the text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace timesheetd
{

struct PageObject {
    // Its own "id", where that is a string in GUID form.
    std::optional<std::string_view> id;
    // As received, but without the members that is_denied() names, each with one comma.
    std::string_view text;
};

struct PageEnvelope {
    std::size_t rows = 0;
    std::optional<std::uint64_t> count; // @odata.count, if it came
};

// The text is not JSON, or has no array "value"; says what and where, never a piece of the text.
struct MalformedPage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Hands over each element of "value" in turn; what it hands over lives only during the call.
// Elements that are no objects come as they are, without an id. Throws MalformedPage, possibly
// after some were handed over.
PageEnvelope scan_page(std::string_view text, const std::function<void(const PageObject&)>& each);

} // namespace timesheetd
