#pragma once

#include "api/query.hpp"

#include <algorithm>
#include <string>

namespace fake
{

// One page of a list of `total` objects as a bare array.
template <class Append>
std::string page_array(const Query& query, std::size_t total, Append append)
{
    std::size_t first = std::min(query.skip, total);
    std::size_t last = first + std::min(query.top, total - first);
    std::string out = "[";
    for (std::size_t i = first; i < last; ++i) {
        if (i > first)
            out += ',';
        append(out, i);
    }
    return out + "]";
}

// The OData envelope of one page of a list of `total` objects. `append(out, index)` writes one of
// them; `object_size` is about how many characters that takes.
template <class Append>
std::string page_envelope(const Schema& schema, const Query& query, std::size_t total,
                          std::size_t object_size, Append append)
{
    std::size_t first = std::min(query.skip, total);
    std::size_t last = first + std::min(query.top, total - first);
    std::string out;
    out.reserve(200 + (last - first) * object_size);
    out += "{\"@odata.context\":\"https://" + schema.host + ".prod.jibble.io/v1/$metadata#" +
           schema.resource + "\"";
    if (query.count)
        out += ",\"@odata.count\":" + std::to_string(total);
    out += ",\"value\":[";
    for (std::size_t i = first; i < last; ++i) {
        if (i > first)
            out += ',';
        append(out, i);
    }
    out += "]}";
    return out;
}

} // namespace fake
