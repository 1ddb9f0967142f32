#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fake
{

// One member of a JSON object; the views point into the scanned text.
struct JsonMember {
    std::string name;
    std::string_view raw_name;
    std::string_view raw_value;
};

// Splits the text of one JSON object into its members without changing a byte of their values.
// More lenient than a parser inside strings (lone surrogates, \u0000), strict otherwise.
// Nothing when it is no JSON object; `error` then says what is wrong.
std::optional<std::vector<JsonMember>> scan_json_object(std::string_view text, std::string& error);

// The characters of a quoted JSON string; nothing for other values.
std::optional<std::string> decode_json_string(std::string_view raw);

// A JSON number that is whole; nothing for other values.
std::optional<long long> decode_json_integer(std::string_view raw);

// Any JSON number; nothing for other values.
std::optional<double> decode_json_number(std::string_view raw);

} // namespace fake
