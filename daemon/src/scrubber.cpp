#include "scrubber.hpp"

#include <algorithm>
#include <vector>

namespace timesheetd
{

namespace
{

// Hiding shorter ones would blot out half of every line, and show the secret by its absence.
constexpr std::size_t shortest_secret = 4;
constexpr const char* mask = "***";

} // namespace

void Scrubber::hide(const std::string& name, const std::string& secret)
{
    if (secret.size() >= shortest_secret)
        secrets_[name] = secret;
    else
        secrets_.erase(name);
}

std::string Scrubber::scrub(std::string text) const
{
    // Longest first: a secret that contains another must not leave its rest behind.
    std::vector<const std::string*> longest_first;
    for (const auto& [name, secret] : secrets_)
        longest_first.push_back(&secret);
    std::sort(longest_first.begin(), longest_first.end(),
              [](auto* a, auto* b) { return a->size() > b->size(); });
    for (const std::string* secret : longest_first) {
        std::size_t at = 0;
        while ((at = text.find(*secret, at)) != std::string::npos) {
            text.replace(at, secret->size(), mask);
            at += std::char_traits<char>::length(mask);
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
