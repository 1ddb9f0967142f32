#include "jibble/resource_reader.hpp"

#include <algorithm>
#include <random>
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
    std::uint64_t max_per_page = 1000;
    bool tells_count = true;
    std::vector<std::string> asked = {}; // "select@skip"

    Page page(const std::string& select, std::uint64_t skip, long top)
    {
        asked.push_back(select + "@" + std::to_string(skip));
        Page page;
        for (std::uint64_t row = skip; row < rows && row < skip + max_per_page &&
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
        EXPECT_STREQ(e.what(),
                     "TimeEntries could not be read whole in 4 readings: 20 of 30 rows "
                     "came; start again when fewer changes are being made, or run timesheetd "
                     "probe to see how this account may be asked");
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

namespace
{

Resource people(std::size_t forms = 4)
{
    Resource people{"People", JibbleHost::workspace, "People"};
    people.forms = query_forms("id", "fullName", "");
    people.forms.resize(forms);
    return people;
}

// "id asc+count@0", and how many rows at most.
std::string query(const Resource& resource, std::uint64_t skip, long top)
{
    return std::string(resource.order) + (resource.counts ? "+count" : "") + "@" +
           std::to_string(skip) + "/" + std::to_string(top);
}

// Refuses the first `refused` forms of people(), as a server that takes no such query would.
struct Choosy {
    std::size_t refused;
    long status = 400;
    Collection rows = {5};
    std::vector<std::string> asked = {};

    ResourceReader::Fetch fetch()
    {
        return [this](const Resource& resource, const std::string& select, std::uint64_t skip,
                      long top) {
            asked.push_back(query(resource, skip, top));
            std::size_t form = std::string(resource.order) == "id asc" ? 0
                               : resource.counts                       ? 1
                               : top > 100                             ? 2
                                                                       : 3;
            if (form < refused && status == 500)
                throw LastingFailure(500, "it answered 500", "see");
            if (form < refused)
                throw RefusedByJibble(status, "it answered " + std::to_string(status), "see");
            return rows.page(select, skip, top);
        };
    }
};

} // namespace

TEST(ResourceReader, TakesTheNextFormOnARefusalAndKeepsIt)
{
    for (long status : {400L, 403L, 404L, 500L}) {
        Choosy server{1, status};
        ResourceReader reader(server.fetch(), 1000);
        EXPECT_TRUE(reader.read(people(), keep_nothing));
        EXPECT_TRUE(reader.read(people(), keep_nothing));
        EXPECT_EQ(server.asked,
                  (std::vector<std::string>{"id asc+count@0/1000", "fullName+count@0/1000",
                                            "fullName+count@4/1000", "fullName+count@0/1000",
                                            "fullName+count@4/1000"}))
            << status;
    }
}

TEST(ResourceReader, ComesToTheLastFormWithoutCountAndOrderInSmallPages)
{
    Choosy server{3};
    ResourceReader reader(server.fetch(), 1000);
    EXPECT_TRUE(reader.read(people(), keep_nothing));
    EXPECT_EQ(server.asked,
              (std::vector<std::string>{"id asc+count@0/1000", "fullName+count@0/1000",
                                        "fullName@0/1000", "@0/100", "@4/100"}));
}

TEST(ResourceReader, SaysThatNoFormIsAcceptedAndBeginsAnewTheNextTime)
{
    Choosy server{4};
    ResourceReader reader(server.fetch(), 1000);
    try {
        reader.read(people(), keep_nothing);
        FAIL();
    } catch (const RefusedByJibble& e) {
        EXPECT_EQ(e.status, 400);
        EXPECT_STREQ(e.what(), "it answered 400, the last of 4 forms of this query that Jibble "
                               "does not accept (it answered 400, 400, 400, 400); see, or run "
                               "timesheetd probe to see how this account may be asked");
    }
    server.refused = 0; // it was an outage
    EXPECT_TRUE(reader.read(people(), keep_nothing));
    EXPECT_EQ(server.asked[4], "id asc+count@0/1000");
}

TEST(ResourceReader, TakesNoOtherFormWhereTheFormIsNotToBlame)
{
    for (long status : {401L, 402L}) {
        Choosy server{1, status};
        ResourceReader reader(server.fetch(), 10);
        EXPECT_THROW(reader.read(people(), keep_nothing), RefusedByJibble) << status;
        EXPECT_EQ(server.asked.size(), 1u);
    }
    for (long status : {0L, 429L, 503L}) {
        ResourceReader reader([&](const Resource&, const std::string&, std::uint64_t,
                                  long) -> Page { throw LastingFailure(status, "no", "see"); },
                              10);
        EXPECT_THROW(reader.read(people(), keep_nothing), LastingFailure) << status;
    }
}

TEST(ResourceReader, TakesTheNextFormWhereItsFirstPageIsNoListOfSuchObjects)
{
    for (const char* kind : {"no ids", "no objects", "left out"}) {
        Collection c{5};
        std::vector<std::string> asked;
        ResourceReader reader(
            [&](const Resource& resource, const std::string& select, std::uint64_t skip, long top) {
                asked.push_back(query(resource, skip, top));
                Page page = c.page(select, skip, top);
                page.has_objects = std::string(kind) != "no objects";
                if (resource.order == std::string("id asc") && std::string(kind) == "left out")
                    page.names_members = false;
                else if (resource.order == std::string("id asc"))
                    page.guids.clear();
                return page;
            },
            1000);
        EXPECT_TRUE(reader.read(people(), keep_nothing)) << kind;
        EXPECT_EQ(asked[1], "fullName+count@0/1000") << kind;
    }
}

TEST(ResourceReader, ReadsOnWhereOnlySomeRowsHaveNoId)
{
    Collection c{5};
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            Page page = c.page(select, skip, top);
            if (skip == 0)
                page.guids.erase(page.guids.begin(), page.guids.begin() + 4);
            return page;
        },
        1000);
    EXPECT_TRUE(reader.read(people(), keep_nothing));
}

TEST(ResourceReader, GivesUpWhatOthersStandInForOnlyWhenTold)
{
    Choosy server{4};
    Resource zones = people();
    zones.has_fallback = true;
    ResourceReader reader(server.fetch(), 1000);
    EXPECT_FALSE(reader.read(zones, keep_nothing));
    EXPECT_FALSE(reader.read(zones, keep_nothing));
    EXPECT_EQ(server.asked.size(), 8u);
    reader.give_up(zones);
    EXPECT_FALSE(reader.read(zones, keep_nothing));
    EXPECT_EQ(server.asked.size(), 8u);
}

TEST(ResourceReader, ReadsAgainWhereRowsWentFromAnOrderWithTies)
{
    Resource tied = people();
    tied.forms = {{"id", "createdAt asc", false}};
    Collection c{20, 1000, false};
    c.rows = 20;
    std::uint64_t gone = 0;
    std::set<Guid> guids;
    ResourceReader reader(
        [&](const Resource&, const std::string& select, std::uint64_t skip, long top) {
            if (skip == 9)
                gone = 3; // the first three rows
            Page page = c.page(select, skip + gone, top);
            return page;
        },
        10);
    EXPECT_TRUE(reader.read(tied, [&](Page& page, const ReadingProgress&) {
        guids.insert(page.guids.begin(), page.guids.end());
    }));
    EXPECT_EQ(guids.size(), 20u); // rows 10 and 11, which the first reading stepped over, too
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
