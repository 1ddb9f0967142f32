#include "resource_reader.hpp"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

// A collection of rows numbered from 0, as a server would page it.
struct Collection {
    std::uint64_t rows = 0;
    std::uint64_t most_per_page = 1000;
    bool tells_count = true;
    std::vector<std::string> asked = {}; // "select@skip"

    Page page(const std::string& select, std::uint64_t skip, long top)
    {
        asked.push_back(select + "@" + std::to_string(skip));
        Page page;
        for (std::uint64_t row = skip; row < rows && row < skip + most_per_page &&
                                       row < skip + static_cast<std::uint64_t>(top);
             ++row) {
            Guid guid{};
            guid[0] = static_cast<unsigned char>(row);
            page.guids.push_back(guid);
            page.fingerprint = 31 * page.fingerprint + row + 1;
            page.last = {row, true};
            if (page.rows++ == 0)
                page.first = page.last;
        }
        if (tells_count)
            page.count = rows;
        return page;
    }
};

ResourceReader::Fetch from(Collection& collection)
{
    return [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
        return collection.page(select, skip, top);
    };
}

const Resource entries{"TimeEntries", JibbleHost::time_tracking, "TimeEntries"};

std::uint64_t rows_kept(ResourceReader reader)
{
    std::uint64_t rows = 0;
    reader.read(entries, [&](Page& page, const ReadingProgress&) { rows += page.rows; });
    return rows;
}

const ResourceReader::Keep keep_nothing = [](Page&, const ReadingProgress&) {};

} // namespace

TEST(ResourceReader, BeginsEachPageWithTheLastRowOfTheOneBeforeUntilNothingElseComes)
{
    Collection c{25};
    EXPECT_EQ(rows_kept({from(c), 10}), 28u); // three rows came twice
    EXPECT_EQ(c.asked, (std::vector<std::string>{"@0", "@9", "@18", "@24"}));
}

TEST(ResourceReader, ReadsNothingOfNothing)
{
    Collection c{0};
    EXPECT_EQ(rows_kept({from(c), 10}), 0u);
    EXPECT_EQ(c.asked, (std::vector<std::string>{"@0"}));
}

TEST(ResourceReader, ReadsASingleRow)
{
    for (bool tells_count : {true, false}) {
        Collection c{1, 1000, tells_count};
        rows_kept({from(c), 10});
        std::vector<std::string> asked{"@0", "@0"};
        if (!tells_count) // then the server may give one row at a time
            asked.push_back("@1");
        EXPECT_EQ(c.asked, asked);
    }
}

TEST(ResourceReader, ReadsAllWhereTheServerGivesOneRowAtATime)
{
    for (bool tells_count : {true, false}) {
        Collection c{4, 1, tells_count};
        std::set<Guid> guids;
        ResourceReader(from(c), 10).read(entries, [&](Page& page, const ReadingProgress&) {
            guids.insert(page.guids.begin(), page.guids.end());
        });
        EXPECT_EQ(guids.size(), 4u);
    }
}

// A row goes and another comes between two pages, so that the count stays. Without the overlap the
// second page would begin one row too late.
TEST(ResourceReader, ReadsAgainWhenAsManyRowsWentAsCame)
{
    Collection c{20};
    bool has_moved = false;
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            bool shows_moved = !has_moved && c.asked.size() == 1;
            Page page = c.page(select, skip + (shows_moved ? 1 : 0), top);
            has_moved = has_moved || shows_moved;
            return page;
        },
        10);
    EXPECT_TRUE(reader.read(entries, keep_nothing));
    EXPECT_EQ(c.asked, (std::vector<std::string>{"@0", "@10", "@0", "@9", "@18", "@19"}));
}

TEST(ResourceReader, ReadsAgainWhenTheLastRowsWent)
{
    Collection c{20, 1000, false};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            if (c.asked.size() == 1)
                c.rows = 9;
            return c.page(select, skip, top);
        },
        10);
    EXPECT_TRUE(reader.read(entries, keep_nothing));
    EXPECT_EQ(c.asked, (std::vector<std::string>{"@0", "@9", "@0", "@8"}));
}

TEST(ResourceReader, BelievesNoCountThatIsTooLow)
{
    Collection c{25, 7};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            Page page = c.page(select, skip, top);
            page.count = 7;
            return page;
        },
        10);
    std::uint64_t rows = 0;
    EXPECT_TRUE(reader.read(entries,
                            [&](Page&, const ReadingProgress& progress) { rows = progress.rows; }));
    EXPECT_EQ(rows, 25u);
}

TEST(ResourceReader, GoesOnAfterAShortPageByTheRowsReceived)
{
    Collection c{25, 4};
    rows_kept({from(c), 10});
    EXPECT_EQ(c.asked[1], "@3");
    EXPECT_EQ(c.asked.back(), "@24");
}

TEST(ResourceReader, NeedsNoCount)
{
    Collection c{20, 1000, false};
    rows_kept({from(c), 10});
    EXPECT_EQ(c.asked, (std::vector<std::string>{"@0", "@9", "@18", "@19"}));
}

TEST(ResourceReader, ReadsAgainWhenTheCountChanged)
{
    Collection c{20};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            if (c.asked.size() == 1)
                c.rows = 21;
            return c.page(select, skip, top);
        },
        10);
    EXPECT_TRUE(reader.read(entries, keep_nothing));
    EXPECT_EQ(c.asked,
              (std::vector<std::string>{"@0", "@9", "@18", "@20", "@0", "@9", "@18", "@20"}));
}

TEST(ResourceReader, ReadsAgainWhenARowCameTwiceInsteadOfAnother)
{
    Collection c{20};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            bool is_first_reading = c.asked.size() == 1;
            Page page = c.page(select, skip, top);
            if (is_first_reading)
                page.guids[1] = Guid{};
            return page;
        },
        10);
    EXPECT_TRUE(reader.read(entries, keep_nothing));
    EXPECT_EQ(c.asked.size(), 8u); // two readings of three pages and one with nothing new
}

TEST(ResourceReader, FailsWhenItCannotBeReadWhole)
{
    Collection c{20};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            Page page = c.page(select, skip, top);
            page.count = 30;
            return page;
        },
        10);
    try {
        reader.read(entries, keep_nothing);
        FAIL();
    } catch (const Failure& e) {
        EXPECT_STREQ(e.what(), "TimeEntries could not be read whole in 4 readings: 20 of 30 rows "
                               "came; start again when fewer changes are being made");
    }
}

TEST(ResourceReader, DoesNotGoOnForEverWhenSkipIsIgnored)
{
    Collection c{20, 1000, false};
    ResourceReader reader([&](const Resource&, const std::string& select, std::uint64_t,
                              long top) { return c.page(select, 0, top); },
                          10);
    EXPECT_THROW(reader.read(entries, keep_nothing), Failure);
}

TEST(ResourceReader, DoesNotGoOnForEverWhenSkipIsIgnoredForRowsWithoutIds)
{
    Collection c{20, 1000, false};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t, long top) {
            Page page = c.page(select, 0, top);
            page.guids.clear();
            return page;
        },
        10);
    EXPECT_THROW(reader.read(entries, keep_nothing), Failure);
}

TEST(ResourceReader, AsksForFewerMembersAfterA400)
{
    Resource people = entries;
    people.selects = {"all", "few"};
    Collection c{5};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            if (select == "all")
                throw RefusedByJibble(400, "no", "ask");
            return c.page(select, skip, top);
        },
        10);
    EXPECT_TRUE(reader.read(people, keep_nothing));
    EXPECT_EQ(c.asked, (std::vector<std::string>{"few@0", "few@4"}));
}

TEST(ResourceReader, NeverAsksForWholePeople)
{
    Resource people = entries;
    people.selects = {"all", "few"};
    ResourceReader reader([&](const Resource&, const std::string&, std::uint64_t,
                              long) -> Page { throw RefusedByJibble(400, "no", "ask"); },
                          10);
    EXPECT_THROW(reader.read(people, keep_nothing), RefusedByJibble);
}

TEST(ResourceReader, GoesOnWithoutAnOptionalResourceThatIsRefused)
{
    Resource schedules = entries;
    schedules.is_optional = true;
    for (long status : {402L, 403L, 404L, 400L}) {
        ResourceReader reader([&](const Resource&, const std::string&, std::uint64_t,
                                  long) -> Page { throw RefusedByJibble(status, "no", "ask"); },
                              10);
        if (status == 400)
            EXPECT_THROW(reader.read(schedules, keep_nothing), RefusedByJibble);
        else
            EXPECT_FALSE(reader.read(schedules, keep_nothing)) << status;
    }
}

TEST(Resources, AskForPeopleByName)
{
    for (const Resource& resource : dimension_resources()) {
        if (std::string(resource.path) != "People")
            continue;
        EXPECT_EQ(resource.selects.size(), 2u);
        for (const std::string& select : resource.selects)
            EXPECT_EQ(select.substr(0, 3), "id,") << select;
    }
}

TEST(Resources, AskForEntriesOfBothLastDays)
{
    auto resources = entry_resources({*parse_date("2026-03-02"), *parse_date("2026-03-08")});
    EXPECT_EQ(resources[0].filter, "belongsToDate ge 2026-03-02 and belongsToDate le 2026-03-08");
    EXPECT_EQ(resources[1].filter, "date ge 2026-03-02 and date le 2026-03-08");
}

TEST(PageQuery, EscapesWhatIsNoLetter)
{
    Resource resource{"HourEntries", JibbleHost::time_tracking, "HourEntries"};
    resource.filter = "date ge 2026-03-02";
    EXPECT_EQ(page_query(resource, "id,A/B", 5, 10),
              "$top=10&$skip=5&$count=true&$orderby=id%20asc&$select=id%2CA%2FB&"
              "$filter=date%20ge%202026-03-02");
}

TEST(PageQuery, NamesNoOrderWhereThereIsNone)
{
    Resource resource{"Schedules", JibbleHost::workspace, "Schedules"};
    resource.order = "";
    EXPECT_EQ(page_query(resource, "", 0, 1), "$top=1&$skip=0&$count=true");
}
