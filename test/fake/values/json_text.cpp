#include "values/json_text.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace fake
{

namespace
{

constexpr int deepest = 64;

class Scanner
{
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<JsonMember> object()
    {
        std::vector<JsonMember> members;
        blank();
        scan_object(0, &members);
        blank();
        if (at_ != text_.size())
            fail("text after the object");
        return members;
    }

  private:
    [[noreturn]] void fail(const char* what) const
    {
        throw std::runtime_error(std::string(what) + " at byte " + std::to_string(at_));
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void expect(char c)
    {
        if (peek() != c || at_ >= text_.size())
            fail((std::string("expected ") + c).c_str());
        ++at_;
    }

    void blank()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                                      text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }

    void scan_string()
    {
        expect('"');
        while (peek() != '"') {
            if (at_ >= text_.size())
                fail("unterminated string");
            if (static_cast<unsigned char>(text_[at_]) < 0x20)
                fail("control character in a string");
            if (text_[at_++] == '\\')
                scan_escape();
        }
        ++at_;
    }

    void scan_escape()
    {
        char c = peek();
        if (std::string_view("\"\\/bfnrtu").find(c) == std::string_view::npos || c == '\0')
            fail("unknown escape");
        ++at_;
        for (int digit = 0; c == 'u' && digit < 4; ++digit, ++at_)
            if (!std::isxdigit(static_cast<unsigned char>(peek())))
                fail("expected four hexadecimal digits");
    }

    void digits()
    {
        if (!std::isdigit(static_cast<unsigned char>(peek())))
            fail("expected a digit");
        while (std::isdigit(static_cast<unsigned char>(peek())))
            ++at_;
    }

    void scan_number()
    {
        if (peek() == '-')
            ++at_;
        if (peek() == '0')
            ++at_;
        else
            digits();
        if (peek() == '.') {
            ++at_;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            ++at_;
            if (peek() == '+' || peek() == '-')
                ++at_;
            digits();
        }
    }

    void scan_value(int depth)
    {
        if (depth > deepest)
            fail("nested too deeply");
        switch (peek()) {
        case '{':
            return scan_object(depth, nullptr);
        case '[':
            return scan_array(depth);
        case '"':
            return scan_string();
        default:
            for (std::string_view word : {"true", "false", "null"})
                if (text_.substr(at_, word.size()) == word) {
                    at_ += word.size();
                    return;
                }
            scan_number();
        }
    }

    void scan_array(int depth)
    {
        expect('[');
        blank();
        if (peek() != ']')
            for (;;) {
                blank();
                scan_value(depth + 1);
                blank();
                if (peek() != ',')
                    break;
                ++at_;
            }
        expect(']');
    }

    void scan_object(int depth, std::vector<JsonMember>* members)
    {
        expect('{');
        blank();
        if (peek() != '}')
            for (;;) {
                blank();
                std::size_t name = at_;
                scan_string();
                std::string_view raw_name = text_.substr(name, at_ - name);
                blank();
                expect(':');
                blank();
                std::size_t value = at_;
                scan_value(depth + 1);
                if (members)
                    members->push_back({*decode_json_string(raw_name), raw_name,
                                        text_.substr(value, at_ - value)});
                blank();
                if (peek() != ',')
                    break;
                ++at_;
            }
        expect('}');
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

void append_utf8(std::string& out, unsigned long code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xf0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 63));
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    }
}

unsigned long hex4(std::string_view raw, std::size_t at)
{
    return std::strtoul(std::string(raw.substr(at, 4)).c_str(), nullptr, 16);
}

} // namespace

std::optional<std::vector<JsonMember>> scan_json_object(std::string_view text, std::string& error)
{
    try {
        return Scanner(text).object();
    } catch (const std::runtime_error& failure) {
        error = failure.what();
        return std::nullopt;
    }
}

std::optional<std::string> decode_json_string(std::string_view raw)
{
    if (raw.size() < 2 || raw.front() != '"')
        return std::nullopt;
    std::string out;
    for (std::size_t at = 1; at + 1 < raw.size(); ++at) {
        if (raw[at] != '\\') {
            out += raw[at];
            continue;
        }
        char c = raw[++at];
        static const std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
        if (c == 'u') {
            unsigned long code = hex4(raw, at + 1);
            at += 4;
            bool pair = code >= 0xd800 && code < 0xdc00 && raw.substr(at + 1, 2) == "\\u";
            unsigned long low = pair ? hex4(raw, at + 3) : 0;
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                at += 6;
            }
            append_utf8(out, code);
        } else {
            std::size_t letter = letters.find(c);
            out += letter == std::string_view::npos ? c : meanings[letter];
        }
    }
    return out;
}

std::optional<long long> decode_json_integer(std::string_view raw)
{
    long long value = 0;
    auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    if (error != std::errc() || end != raw.data() + raw.size())
        return std::nullopt;
    return value;
}

std::optional<double> decode_json_number(std::string_view raw)
{
    double value = 0;
    auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    if (error != std::errc() || end != raw.data() + raw.size())
        return std::nullopt;
    return value;
}

} // namespace fake
