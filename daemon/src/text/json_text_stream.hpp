// A stream for RapidJSON's reader that knows where each token lies in the text, and steps around
// two things the reader refuses although they are JSON: numbers too large for a double, and half of
// a surrogate pair in a string. We need no number's value and no such string's.
//
//   text        … "n": 1e999, "note": "a\ud83d" …
//   shown       … "n": 1    , "note": "a\u083d" …     (Tell() goes from 1 to the comma at once)
#pragma once

#include <cstddef>
#include <string_view>

namespace timesheetd
{

class JsonTextStream
{
  public:
    using Ch = char;

    explicit JsonTextStream(std::string_view text) : text_(text) { arrive(); }

    char Peek() const { return shown_; }
    char Take();
    std::size_t Tell() const { return at_; }

    // Where the last string began: at its quotation mark.
    std::size_t string_begin() const { return string_begin_; }
    // The last number, as it is in the text.
    std::string_view last_number() const { return last_number_; }

    // RapidJSON wants these to exist for parsing in place, which we do not do.
    char* PutBegin() { return nullptr; }
    void Put(char) {}
    std::size_t PutEnd(char*) { return 0; }

  private:
    void arrive();

    std::string_view text_;
    std::size_t at_ = 0;
    char shown_ = '\0';
    std::size_t number_length_ = 0; // of the number that begins here, else 0
    bool in_string_ = false;
    bool escaped_ = false;
    std::size_t string_begin_ = 0;
    std::string_view last_number_;
};

// Whether all of the text is one JSON number.
bool is_json_number(std::string_view text);

} // namespace timesheetd
