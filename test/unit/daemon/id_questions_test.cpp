#include "jibble/id_questions.hpp"

#include <functional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

Guid guid(unsigned char n)
{
    Guid guid{};
    guid[15] = n;
    return guid;
}

Page page_of(const std::vector<Guid>& guids)
{
    Page page;
    page.guids = guids;
    page.rows = guids.size();
    return page;
}

// Has some objects, and finds them by the filters that it likes.
struct Server {
    std::set<Guid> objects;
    std::function<bool(const std::string& filter)> finds = [](const std::string&) { return true; };
    std::vector<std::string> asked = {};

    ResourceReader::Fetch fetch()
    {
        return [this](const Resource& resource, const std::string&, std::uint64_t skip, long top) {
            asked.push_back(resource.filter);
            EXPECT_EQ(skip, 0u);
            EXPECT_EQ(top, 2);
            EXPECT_STREQ(resource.order, "");
            EXPECT_FALSE(resource.counts);
            Guid id = parse_guid(resource.filter.substr(6, 36)).value();
            return page_of(objects.count(id) && finds(resource.filter) ? std::vector<Guid>{id}
                                                                       : std::vector<Guid>{});
        };
    }
};

Resource entries()
{
    Resource entries{"TimeEntries", JibbleHost::time_tracking, "TimeEntries"};
    entries.filter = "belongsToDate ge 2026-03-02 and belongsToDate le 2026-03-08";
    return entries;
}

bool has_date(const std::string& filter)
{
    return filter.find("belongsToDate") != std::string::npos;
}

bool has_time(const std::string& filter)
{
    return filter.find("time ge") != std::string::npos;
}

class IdQuestionsTest : public testing::Test
{
  protected:
    Server server{{guid(1), guid(2), guid(3)}};
    QuestionMemory memory;
    IdQuestions questions{server.fetch(), memory};

    void SetUp() override { questions.set_listed(entries(), {guid(1), guid(2), guid(3)}); }
};

} // namespace

TEST_F(IdQuestionsTest, WhatIsFoundNeedsNoProof)
{
    EXPECT_TRUE(questions.find(entries(), guid(2)));
    EXPECT_EQ(server.asked.size(), 1u);
    EXPECT_EQ(server.asked[0], "id eq " + to_text(guid(2)));
}

TEST_F(IdQuestionsTest, WhatIsNotFoundIsAskedForAgainOnceTheFormIsProven)
{
    EXPECT_FALSE(questions.find(entries(), guid(9)));
    EXPECT_EQ(server.asked,
              (std::vector<std::string>{"id eq " + to_text(guid(9)), "id eq " + to_text(guid(1)),
                                        "id eq " + to_text(guid(9))}));
    EXPECT_FALSE(questions.find(entries(), guid(8)));
    EXPECT_EQ(server.asked.size(), 4u); // proven is proven
    questions.confirm(entries());
    EXPECT_EQ(server.asked.size(), 5u);
}

TEST_F(IdQuestionsTest, ANewListNeedsANewProof)
{
    EXPECT_FALSE(questions.find(entries(), guid(9)));
    questions.set_listed(entries(), {guid(1)});
    server.objects.clear();
    EXPECT_THROW(questions.find(entries(), guid(9)), Unproven);
}

TEST_F(IdQuestionsTest, TheNextFormIsTakenWhereOneFindsNothing)
{
    server.finds = has_date;
    EXPECT_TRUE(questions.find(entries(), guid(2)));
    EXPECT_FALSE(questions.find(entries(), guid(9)));
    EXPECT_EQ(server.asked.back(), "id eq " + to_text(guid(9)) +
                                       " and belongsToDate ge 1900-01-01 and belongsToDate le "
                                       "2999-12-31");
    // The next pass begins with it.
    IdQuestions next{server.fetch(), memory};
    next.set_listed(entries(), {guid(1)});
    server.asked.clear();
    EXPECT_TRUE(next.find(entries(), guid(2)));
    EXPECT_EQ(server.asked.size(), 1u);
}

TEST_F(IdQuestionsTest, OneWithoutADateIsNotAskedForByOne)
{
    server.finds = has_date;
    EXPECT_THROW(questions.find(entries(), guid(9), Dating::undated), Unproven);
    server.finds = has_time;
    EXPECT_FALSE(questions.find(entries(), guid(9), Dating::undated));
    EXPECT_TRUE(questions.find(entries(), guid(2), Dating::undated));
}

TEST_F(IdQuestionsTest, OneOfThreeWitnessesIsEnough)
{
    server.objects = {guid(3)};
    EXPECT_FALSE(questions.find(entries(), guid(9)));
    server.objects.clear();
    EXPECT_THROW(questions.confirm(entries()), Unproven);
}

TEST_F(IdQuestionsTest, WithoutAnythingListedNothingIsProven)
{
    questions.set_listed(entries(), {});
    EXPECT_FALSE(questions.can_prove(entries()));
    EXPECT_TRUE(questions.find(entries(), guid(2)));
    EXPECT_THROW(questions.find(entries(), guid(9)), Unproven);
    EXPECT_FALSE(questions.find_by_any(entries(), guid(9)));
}

TEST(IdQuestions, AnotherObjectThanAskedForIsNoAnswer)
{
    QuestionMemory memory;
    for (const std::vector<Guid>& shown :
         {std::vector<Guid>{guid(1)}, {guid(2), guid(1)}, {guid(1), guid(9)}}) {
        IdQuestions questions([&](const Resource&, const std::string&, std::uint64_t,
                                  long) { return page_of(shown); },
                              memory);
        questions.set_listed(entries(), {guid(1), guid(2), guid(3)});
        EXPECT_THROW(questions.find(entries(), guid(9)), Unproven);
        EXPECT_THROW(questions.find_by_any(entries(), guid(9)), Unproven);
    }
}

TEST(IdQuestions, ARefusalIsNoAnswerAndNamesItself)
{
    QuestionMemory memory;
    std::vector<std::function<void()>> refusals{
        [] { throw RefusedByJibble(403, "Jibble answered 403", "check"); },
        [] { throw LastingFailure(500, "Jibble answered 500", "later"); }};
    for (const auto& refuse : refusals) {
        IdQuestions questions(
            [&](const Resource&, const std::string&, std::uint64_t, long) -> Page {
                refuse();
                return {};
            },
            memory);
        questions.set_listed(entries(), {guid(1)});
        try {
            questions.find(entries(), guid(9));
            FAIL() << "it was answered";
        } catch (const Unproven& e) {
            std::string text = e.what();
            EXPECT_NE(text.find("by id, by id and date, by id and time: Jibble answered "),
                      std::string::npos)
                << text;
            EXPECT_NE(text.find("run timesheetd probe"), std::string::npos);
        }
        EXPECT_THROW(questions.find_by_any(entries(), guid(9)), Unproven);
    }
}

namespace
{

Resource groups()
{
    return dimension_resources()[1];
}

// What was asked, in words: "filter", "ordered" or "key".
struct ObjectServer {
    std::set<Guid> objects;
    std::map<std::string, long> statuses = {}; // other than 200, by the words
    std::vector<std::string> asked = {};

    ResourceReader::Fetch fetch()
    {
        return [this](const Resource& resource, const std::string&, std::uint64_t, long) {
            bool has_key = !resource.key.empty();
            EXPECT_NE(has_key, !resource.filter.empty());
            EXPECT_FALSE(resource.counts);
            asked.push_back(has_key ? "key" : *resource.order ? "ordered" : "filter");
            Guid id = parse_guid(has_key ? resource.key : resource.filter.substr(6)).value();
            long status = statuses.count(asked.back()) ? statuses[asked.back()] : 200;
            if (status == 500)
                throw LastingFailure(500, "Jibble answered 500", "later");
            if (status == 200 && has_key && objects.count(id) == 0)
                status = 404;
            if (status != 200)
                throw RefusedByJibble(status, "Jibble answered " + std::to_string(status), "check");
            return page_of(objects.count(id) ? std::vector<Guid>{id} : std::vector<Guid>{});
        };
    }
};

class ObjectQuestionsTest : public testing::Test
{
  protected:
    ObjectServer server{{guid(1), guid(2), guid(3)}};
    QuestionMemory memory;
    IdQuestions questions{server.fetch(), memory};

    void SetUp() override { questions.set_listed(groups(), {guid(1), guid(2), guid(3)}); }
};

} // namespace

TEST_F(ObjectQuestionsTest, TheNextFormIsTakenOnAnyRefusalAndRemembered)
{
    for (long status : {400, 403, 404, 500}) {
        memory.forms.clear();
        server.statuses = {{"filter", status}};
        EXPECT_FALSE(questions.find(groups(), guid(9))) << status;
        EXPECT_EQ(server.asked.back(), "ordered") << status;
        server.statuses["ordered"] = status;
        questions.set_listed(groups(), {guid(1)});
        EXPECT_FALSE(questions.find(groups(), guid(9))) << status;
        EXPECT_EQ(server.asked.back(), "key") << status;
        IdQuestions next{server.fetch(), memory};
        next.set_listed(groups(), {guid(1)});
        server.asked.clear();
        EXPECT_TRUE(next.find(groups(), guid(2))) << status;
        EXPECT_EQ(server.asked, std::vector<std::string>{"key"}) << status;
        questions.set_listed(groups(), {guid(1)});
    }
}

TEST_F(ObjectQuestionsTest, ThatNoKeyIsFoundIsARefusalUntilOneWas)
{
    server.statuses = {{"filter", 400}, {"ordered", 400}};
    EXPECT_FALSE(questions.find(groups(), guid(9)));
    questions.confirm(groups());
    server.statuses["key"] = 404;
    EXPECT_THROW(questions.confirm(groups()), QuestionsRefused);
    questions.set_listed(groups(), {guid(1)});
    EXPECT_THROW(questions.find(groups(), guid(9)), QuestionsRefused);
    EXPECT_THROW(questions.find_by_any(groups(), guid(9)), QuestionsRefused);
}

TEST_F(ObjectQuestionsTest, OneEmptyAnswerAmongRefusalsIsNoRefusal)
{
    server.objects.clear();
    server.statuses = {{"filter", 400}};
    try {
        questions.find(groups(), guid(9));
        FAIL() << "it was answered";
    } catch (const QuestionsRefused&) {
        FAIL() << "it was not refused each time";
    } catch (const Unproven& e) {
        EXPECT_NE(std::string(e.what()).find("run timesheetd probe"), std::string::npos);
    }
    EXPECT_FALSE(questions.find_by_any(groups(), guid(9)));
}

TEST_F(ObjectQuestionsTest, OthersKnownToLiveProveAFormWhereNothingIsListed)
{
    questions.set_listed(groups(), {});
    questions.set_witnesses(groups(), {guid(7), guid(2)});
    EXPECT_FALSE(questions.find(groups(), guid(9)));
    questions.set_witnesses(groups(), {guid(7)});
    EXPECT_THROW(questions.find(groups(), guid(9)), Unproven);
}
