// Reads a collection page by page until it was read whole.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "jibble_client.hpp"

namespace timesheetd
{

struct ReadingProgress {
    std::uint64_t rows = 0; // so far
    std::optional<std::uint64_t> count;
};

class ResourceReader
{
  public:
    using Fetch = std::function<Page(const Resource&, const std::string& select, std::uint64_t skip,
                                     long top)>;
    using Keep = std::function<void(Page&, const ReadingProgress&)>;

    // Page by page from `fetch`, for which JibbleClient::fetch stands in the program.
    ResourceReader(Fetch fetch, long page_size) : fetch_(std::move(fetch)), page_size_(page_size) {}

    // Hands each page to `keep`; pages overlap by a row. Where rows came or went meanwhile, so that some may have slipped
    // between two pages, everything is read and handed over once more. Returns false if the
    // resource is optional and refused. Throws Failure if it could not be read whole.
    bool read(const Resource& resource, const Keep& keep);

  private:
    std::string read_once(const Resource& resource, const std::string& select, const Keep& keep);

    Fetch fetch_;
    long page_size_;
};

} // namespace timesheetd
