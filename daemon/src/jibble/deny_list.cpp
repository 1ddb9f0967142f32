#include "jibble/deny_list.hpp"

#include <algorithm>
#include <iterator>

#include <strings.h>

namespace timesheetd
{

namespace
{

constexpr std::string_view denied[] = {
    "pinCode",       "pin",         "pins",    "faceDescriptor",   "faceData",       "faceId",
    "faceEmbedding", "facePicture", "picture", "isFaceRecognized", "faceSimilarity",
};
constexpr std::string_view denied_beginning = "face";

bool is_same(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

bool is_denied(std::string_view key)
{
    std::size_t slash = key.rfind('/');
    if (slash != std::string_view::npos && is_denied(key.substr(slash + 1)))
        return true;
    return is_same(key.substr(0, denied_beginning.size()), denied_beginning) ||
           std::any_of(std::begin(denied), std::end(denied),
                       [&](std::string_view name) { return is_same(key, name); });
}

} // namespace timesheetd
