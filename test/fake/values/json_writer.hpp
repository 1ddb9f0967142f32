#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fake
{

// Appends a quoted, escaped JSON string.
void append_json_string(std::string& out, std::string_view text);

// Writes one flat JSON object, member by member.
class JsonObject
{
  public:
    void text(std::string_view name, std::string_view value)
    {
        start(name);
        append_json_string(out_, value);
    }
    void text_or_null(std::string_view name, std::string_view value)
    {
        value.empty() ? null(name) : text(name, value);
    }
    void number(std::string_view name, std::int64_t value)
    {
        start(name);
        out_ += std::to_string(value);
    }
    void boolean(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }
    void null(std::string_view name) { raw(name, "null"); }
    // `json` is written as it is.
    void raw(std::string_view name, std::string_view json)
    {
        start(name);
        out_ += json;
    }

    // The object's text; call it once, last.
    std::string finish()
    {
        out_ += out_.empty() ? "{}" : "}";
        return std::move(out_);
    }

  private:
    void start(std::string_view name)
    {
        out_ += out_.empty() ? '{' : ',';
        append_json_string(out_, name);
        out_ += ':';
    }

    std::string out_;
};

} // namespace fake
