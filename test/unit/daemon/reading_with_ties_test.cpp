#include "jibble/resource_reader.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

// Rows that are all equal in the order, shown in another order for each $skip and $top, as a sort
// of the first skip + top rows alone leaves them.
struct Ties {
    std::uint64_t rows;
    std::uint64_t max_per_page;
    std::uint64_t equal; // in a run of this length
    int readings = 0;

    Page page(std::uint64_t skip, long top)
    {
        readings += skip == 0;
        std::vector<std::uint64_t> order(rows);
        for (std::uint64_t i = 0; i < rows; ++i)
            order[i] = i;
        std::minstd_rand random(
            static_cast<unsigned>(skip * 1000 + static_cast<std::uint64_t>(top)));
        for (std::uint64_t begin = 0; begin < rows; begin += equal)
            std::shuffle(order.begin() + static_cast<long>(begin),
                         order.begin() + static_cast<long>(std::min(begin + equal, rows)), random);
        Page page;
        for (std::uint64_t at = skip;
             at < rows && at < skip + max_per_page && at < skip + static_cast<std::uint64_t>(top);
             ++at) {
            Guid guid{};
            guid[0] = static_cast<unsigned char>(order[at]);
            page.guids.push_back(guid);
            page.last = {order[at], true};
            if (page.rows++ == 0)
                page.first = page.last;
        }
        page.has_objects = true;
        return page;
    }
};

const Resource people{"People", JibbleHost::workspace, "People"};
const ResourceReader::Keep keep_nothing = [](Page&, const ReadingProgress&) {};

} // namespace

TEST(ResourceReader, ReadsEveryRowOfAnOrderWithTies)
{
    Resource tied = people;
    tied.forms = {{"id", "createdAt asc", false}};
    for (std::uint64_t equal : {1, 2, 3}) {
        Ties ties{90, 20, equal};
        std::set<Guid> guids;
        ResourceReader reader([&](const Resource&, const std::string&, std::uint64_t skip,
                                  long top) { return ties.page(skip, top); },
                              1000);
        EXPECT_TRUE(reader.read(tied, [&](Page& page, const ReadingProgress&) {
            guids.insert(page.guids.begin(), page.guids.end());
        })) << equal;
        EXPECT_EQ(guids.size(), 90u) << equal;
        EXPECT_EQ(ties.readings > 1, equal > 1) << equal;
    }
}

TEST(ResourceReader, FailsWhereTiesHideRowsForGood)
{
    Resource tied = people;
    tied.forms = {{"id", "createdAt asc", false}};
    int requests = 0;
    ResourceReader reader(
        [&](const Resource&, const std::string&, std::uint64_t skip, long top) {
            ++requests;
            Page page = Ties{90, 20, 1}.page(skip, top);
            for (Guid& guid : page.guids)
                if (guid[0] == 7)
                    guid[0] = 8; // 7 is never shown, 8 twice
            return page;
        },
        1000);
    EXPECT_THROW(reader.read(tied, keep_nothing), Failure);
    EXPECT_LE(requests, 4 * 12);
}
