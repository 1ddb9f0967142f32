#include "process/scrubber.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "text/json_prelude.hpp"

namespace timesheetd
{

namespace
{

// Hiding shorter ones would blot out half of every line, and show the secret by its absence.
constexpr std::size_t shortest_secret = 4;
constexpr std::string_view mask = "***";
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=";

// What base64 makes of the secret wherever it begins in what is encoded, without the characters
// that hold bits of its neighbours:
//
//   bytes       n n S S S S n        n: a neighbour's, S: the secret's; here `before` is 2
//   characters  ....====..           those between do not depend on the neighbours
std::string base64_within(const std::string& secret, std::size_t before)
{
    std::string bytes(before, '\0');
    bytes += secret;
    std::string encoded;
    std::size_t first = (8 * before + 5) / 6;
    std::size_t end = 8 * bytes.size() / 6;
    for (std::size_t i = first; i < end; ++i) {
        std::size_t bit = 6 * i;
        auto byte = [&](std::size_t at) {
            return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
        };
        unsigned pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
        encoded += base64_alphabet[(pair >> (10 - bit % 8)) & 0x3F];
    }
    return encoded;
}

std::string percent_form(const std::string& secret, const char* digits, bool plus_for_blank)
{
    std::string encoded;
    for (char c : secret) {
        auto byte = static_cast<unsigned char>(c);
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') ||
                        std::string_view("-._~").find(c) != std::string_view::npos;
        if (is_plain)
            encoded += c;
        else if (c == ' ' && plus_for_blank)
            encoded += '+';
        else
            (encoded += '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return encoded;
}

std::string json_form(const std::string& secret, bool escapes_slash)
{
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(secret.data(), static_cast<rapidjson::SizeType>(secret.size()));
    std::string quoted(buffer.GetString(), buffer.GetSize());
    std::string text;
    for (char c : quoted.substr(1, quoted.size() - 2))
        c == '/' && escapes_slash ? text += "\\/" : text += c;
    return text;
}

} // namespace

std::vector<Scrubber::Form> Scrubber::forms_of(const std::string& secret)
{
    std::vector<Form> forms;
    std::set<std::string> seen;
    auto add = [&](std::string text, bool is_base64) {
        if (text.size() >= shortest_secret && seen.insert(text).second)
            forms.push_back({std::move(text), is_base64});
    };
    add(secret, false);
    for (const char* digits : {"0123456789ABCDEF", "0123456789abcdef"})
        for (bool plus_for_blank : {false, true})
            add(percent_form(secret, digits, plus_for_blank), false);
    add(json_form(secret, false), false);
    add(json_form(secret, true), false);
    for (std::size_t before : {0u, 1u, 2u}) {
        std::string encoded = base64_within(secret, before);
        add(encoded, true);
        std::replace(encoded.begin(), encoded.end(), '+', '-');
        std::replace(encoded.begin(), encoded.end(), '/', '_');
        add(encoded, true);
    }
    return forms;
}

void Scrubber::hide(const std::string& name, const std::string& secret)
{
    if (secret.size() >= shortest_secret)
        secrets_[name] = forms_of(secret);
    else
        secrets_.erase(name);
}

std::string Scrubber::scrub(std::string text) const
{
    // Longest first: a secret that contains another must not leave its rest behind.
    std::vector<const Form*> longest_first;
    for (const auto& [name, forms] : secrets_)
        for (const Form& form : forms)
            longest_first.push_back(&form);
    std::sort(longest_first.begin(), longest_first.end(),
              [](auto* a, auto* b) { return a->text.size() > b->text.size(); });
    auto is_base64 = [&](std::size_t at) {
        return base64_characters.find(text[at]) != std::string_view::npos;
    };
    for (const Form* form : longest_first) {
        std::size_t at = 0;
        while ((at = text.find(form->text, at)) != std::string::npos) {
            std::size_t end = at + form->text.size();
            if (form->is_base64) {
                while (at > 0 && is_base64(at - 1))
                    --at;
                while (end < text.size() && is_base64(end))
                    ++end;
            }
            text.replace(at, end - at, mask);
            at += mask.size();
        }
    }
    return text;
}

Scrubber& scrubber()
{
    static Scrubber the_scrubber;
    return the_scrubber;
}

} // namespace timesheetd
