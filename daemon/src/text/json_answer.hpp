// JSON from elsewhere, read within bounds: no answer of a service uses up the memory or the call
// stack. What comes of it is so shallow that code that walks through it may recurse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "text/json_prelude.hpp"

namespace timesheetd
{

struct JsonBounds {
    std::size_t bytes;
    std::size_t depth;
    std::size_t values; // members' names counted too
};

constexpr std::size_t mebibyte = 1 << 20;
// A token, an error, what an e-mail service says: a few texts.
constexpr JsonBounds short_answer{256 << 10, 32, 10'000};
// A digest's content, which is ours.
constexpr JsonBounds digest_document{16 * mebibyte, 32, 2'000'000};

// Why a text cannot be taken: what and where, never a piece of it. Empty: it was.
struct JsonProblem {
    std::string text = "";
    bool is_bound = false; // a bound was exceeded, which another attempt will not change

    bool empty() const { return text.empty(); }
};

// Parses the text into the document.
JsonProblem parse_json(rapidjson::Document& document, std::string_view text,
                       const JsonBounds& bounds);

// The same where an object is wanted; another value is a problem too.
JsonProblem parse_json_object(rapidjson::Document& document, std::string_view text,
                              const JsonBounds& bounds);

} // namespace timesheetd
