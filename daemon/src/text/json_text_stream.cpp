#include "text/json_text_stream.hpp"

namespace timesheetd
{

namespace
{

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool starts_number(char c)
{
    return c == '-' || is_digit(c);
}

bool continues_number(char c)
{
    return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

} // namespace

char JsonTextStream::Take()
{
    char taken = shown_;
    if (number_length_ > 0) {
        last_number_ = text_.substr(at_, number_length_);
        at_ += number_length_;
    } else {
        if (!in_string_) {
            if (taken == '"') {
                in_string_ = true;
                string_begin_ = at_;
            }
        } else if (escaped_) {
            escaped_ = false;
        } else if (taken == '\\') {
            escaped_ = true;
        } else if (taken == '"') {
            in_string_ = false;
        }
        ++at_;
    }
    arrive();
    return taken;
}

void JsonTextStream::arrive()
{
    number_length_ = 0;
    if (at_ >= text_.size()) {
        at_ = text_.size();
        shown_ = '\0'; // the end, to RapidJSON
        return;
    }
    shown_ = text_[at_];
    if (in_string_) {
        // After an escaped backslash this changes a letter of no consequence.
        if ((shown_ == 'd' || shown_ == 'D') && at_ >= 2 && text_.substr(at_ - 2, 2) == "\\u")
            shown_ = '0';
    } else if (starts_number(shown_)) {
        std::size_t length = 1;
        while (at_ + length < text_.size() && continues_number(text_[at_ + length]))
            ++length;
        bool is_number = is_json_number(text_.substr(at_, length));
        number_length_ = is_number ? length : 0;
        shown_ = is_number ? '1' : '?'; // which the reader refuses
    }
}

bool is_json_number(std::string_view text)
{
    std::size_t at = 0;
    auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
    auto digits = [&] {
        std::size_t first = at;
        while (is_digit(peek()))
            ++at;
        return at > first;
    };
    if (peek() == '-')
        ++at;
    if (peek() == '0')
        ++at;
    else if (!digits())
        return false;
    if (peek() == '.') {
        ++at;
        if (!digits())
            return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        ++at;
        if (peek() == '+' || peek() == '-')
            ++at;
        if (!digits())
            return false;
    }
    return at == text.size();
}

} // namespace timesheetd
