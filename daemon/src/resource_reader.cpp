#include "resource_reader.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "stop.hpp"

namespace timesheetd
{

namespace
{

constexpr int most_readings = 4; // the first, and three more
// Of one reading. A month of a thousand agents has a fifth of it; their ids are kept meanwhile.
constexpr std::uint64_t most_rows = 5'000'000;

std::size_t count_distinct(std::vector<Guid>& guids)
{
    std::sort(guids.begin(), guids.end());
    return static_cast<std::size_t>(std::unique(guids.begin(), guids.end()) - guids.begin());
}

} // namespace

bool ResourceReader::read(const Resource& resource, const Keep& keep)
{
    std::vector<std::string> selects = resource.selects;
    if (selects.empty())
        selects.push_back("");
    auto select = selects.begin();
    for (int reading = 1;;) {
        std::string doubt;
        try {
            doubt = read_once(resource, *select, keep);
        } catch (const RefusedByJibble& e) {
            if (e.status == 400 && select + 1 != selects.end()) {
                ++select;
                spdlog::warn("{}; asking for fewer members: {}", e.fact, *select);
                continue;
            }
            if (resource.is_optional && (e.status == 402 || e.status == 403 || e.status == 404)) {
                spdlog::warn("{}; going on without it", e.what());
                return false;
            }
            throw;
        }
        if (doubt.empty())
            return true;
        if (reading == most_readings)
            throw Failure(fmt::format("{} could not be read whole in {} readings: {}; start again "
                                      "when fewer changes are being made",
                                      resource.stored_as, reading, doubt));
        spdlog::info("{}: {}; reading it again", resource.stored_as, doubt);
        ++reading;
    }
}

// Says why rows may be missing; nothing if none can be.
//
//   a b c d | skip 0          Each page but the first begins with the last row of the one before.
//         d e f g | skip 3    If it does not, rows came or went in between, also where as many came
//               g | skip 6    as went. A page with nothing else is the end.
std::string ResourceReader::read_once(const Resource& resource, const std::string& select,
                                      const Keep& keep)
{
    ReadingProgress progress;
    std::vector<Guid> guids;
    std::size_t without_guid = 0;
    std::size_t largest_page = 0;
    Page before; // its marks, once there is one
    bool count_changed = false;
    for (std::size_t overlap = 0;;) {
        check_stop();
        Page page = fetch_(resource, select, progress.rows - overlap, page_size_);
        if (progress.rows > 0 && page.count && page.count != progress.count)
            count_changed = true;
        if (page.count)
            progress.count = page.count;
        if (overlap && (page.rows == 0 || !(page.first == before.last)))
            return "rows moved between two pages";
        if (!overlap && page.rows > 0 && progress.rows > 0 &&
            page.fingerprint == before.fingerprint)
            return "the same page came twice";
        progress.rows += page.rows - overlap;
        without_guid += page.rows - page.guids.size() - (before.last.has_guid ? 0 : overlap);
        guids.insert(guids.end(), page.guids.begin(), page.guids.end());
        keep(page, progress);
        if (page.rows == 0)
            break;
        if (progress.rows > most_rows)
            throw Failure(
                fmt::format("{}: Jibble shows more than {} rows, the most that one window "
                            "may have; check that its answers are Jibble's, or read "
                            "fewer days at once",
                            resource.stored_as, most_rows));
        // Neither a short page nor the count alone is the end: the server may give fewer rows than
        // were asked for, and its count may be too low.
        largest_page = std::max(largest_page, page.rows);
        bool brought_nothing = page.rows == overlap;
        if (brought_nothing &&
            (progress.count ? progress.rows >= *progress.count : largest_page > 1))
            break;
        // Where the server gives one row at a time, the one before leaves no room for another.
        overlap = brought_nothing ? 0 : 1;
        before.last = page.last;
        before.fingerprint = page.fingerprint;
    }
    if (count_changed)
        return "the number of rows changed between two pages";
    std::size_t distinct = count_distinct(guids) + without_guid;
    if (progress.count && distinct < *progress.count)
        return fmt::format("{} of {} rows came", distinct, *progress.count);
    return "";
}

} // namespace timesheetd
