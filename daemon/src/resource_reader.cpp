#include "resource_reader.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "stop.hpp"

namespace timesheetd
{

namespace
{

constexpr int most_readings = 4; // the first, and three more

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
std::string ResourceReader::read_once(const Resource& resource, const std::string& select,
                                      const Keep& keep)
{
    ReadingProgress progress;
    std::vector<Guid> guids;
    std::size_t without_guid = 0;
    std::optional<std::size_t> last_page;
    bool count_changed = false;
    for (;;) {
        check_stop();
        Page page = fetch_(resource, select, progress.rows, page_size_);
        if (progress.rows > 0 && page.count && page.count != progress.count)
            count_changed = true;
        if (page.count)
            progress.count = page.count;
        progress.rows += page.rows;
        without_guid += page.rows - page.guids.size();
        guids.insert(guids.end(), page.guids.begin(), page.guids.end());
        keep(page, progress);
        // Only an empty page is surely past the end: the server may give fewer rows than were asked
        // for, and its count may be wrong. One request more is cheaper than a lost row.
        if (page.rows == 0)
            break;
        if (page.fingerprint == last_page)
            return "the same page came twice";
        last_page = page.fingerprint;
    }
    if (count_changed)
        return "the number of rows changed between two pages";
    std::size_t distinct = count_distinct(guids) + without_guid;
    if (progress.count && distinct < *progress.count)
        return fmt::format("{} of {} rows came", distinct, *progress.count);
    return "";
}

} // namespace timesheetd
