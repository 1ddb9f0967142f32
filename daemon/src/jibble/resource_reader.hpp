// Reads a collection page by page until it was read whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jibble/jibble_client.hpp"

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

    // Page by page from `fetch`, which is JibbleClient::fetch in the program.
    // Readers that share a memory ask for nothing again that one of them was refused.
    ResourceReader(Fetch fetch, long page_size,
                   std::shared_ptr<FormMemory> memory = std::make_shared<FormMemory>())
        : fetch_(std::move(fetch)), page_size_(page_size), memory_(std::move(memory))
    {
    }

    // Hands each page to `keep`; pages overlap by a row. Where rows came or went meanwhile, so that
    // some may have slipped between two pages, everything is read and handed over once more. Takes
    // the next form of the resource where one is refused, and keeps to the one that is accepted.
    // Returns false if the resource is optional, dispensable or has a fallback, and is refused or
    // given up; warns of that once in a process.
    // Throws RefusedByJibble if no form of it is accepted, another Failure if it could not be read
    // whole.
    bool read(const Resource& resource, const Keep& keep);

    // A page of one row, or of none if there is none; nothing where read() returns false.
    std::optional<Page> sample(const Resource& resource);

    // Another resource takes its place from now on.
    void give_up(const Resource& resource);
    bool is_given_up(const Resource& resource) const;

  private:
    struct Refusal {
        long status;
        std::string fact;
        std::string remedy;
        std::string form; // that was refused
    };
    struct Reading {
        std::string incomplete_because; // why rows may be missing; empty if none can be
        std::uint64_t rows = 0;         // places in the server's list, if it was walked to its end
        std::uint64_t least = 0;        // rows that must have come: as many, or the server's count
        std::vector<Guid> guids;        // each once, in order
        std::uint64_t without_guid = 0;
        std::size_t largest_page = 0;

        std::uint64_t distinct() const { return guids.size() + without_guid; }
        void add(const Page& page, std::size_t overlap, const RowMark& last_before);
        void finish(const ReadingProgress& progress, bool count_changed, bool has_moved);
    };
    bool is_read(const Resource& resource, const std::function<void(std::size_t form)>& attempt);
    void in_an_accepted_form(const Resource& resource,
                             const std::function<void(std::size_t form)>& attempt);
    void accept(const Resource& resource, std::size_t form);
    [[noreturn]] void refuse() const;
    void read_whole(const Resource& resource, std::size_t form, const Keep& keep);
    Reading read_once(const Resource& resource, std::size_t form, long top, const Keep& keep);
    Page first_page(const Resource& resource, std::size_t form, long top);
    Page page(const Resource& resource, std::size_t form, std::uint64_t skip, long top);

    Fetch fetch_;
    long page_size_;
    std::shared_ptr<FormMemory> memory_; // by forms_key()
    std::vector<Refusal> refusals_;      // of the resource that is being asked for
};

} // namespace timesheetd
