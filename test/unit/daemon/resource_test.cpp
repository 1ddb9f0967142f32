#include "jibble/resource.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "jibble/jibble_client.hpp"

using namespace timesheetd;

TEST(Resources, AskForPeopleByName)
{
    for (const Resource& resource : dimension_resources()) {
        if (std::string(resource.path) != "People")
            continue;
        for (const QueryForm& form : resource.forms) {
            EXPECT_EQ(form.select.substr(0, 3), "id,");
            EXPECT_EQ(form.select.find('/'), std::string::npos); // such keys are not selected
        }
        EXPECT_EQ(resource.forms.size(), 4u);
    }
    for (const QueryForm& form : people_with_zones().forms)
        EXPECT_EQ(form.select.substr(0, 3), "id,");
}

TEST(Resources, HaveASecondForm)
{
    std::vector<Resource> resources = dimension_resources();
    for (const Resource& resource :
         entry_resources({*parse_date("2026-03-02"), *parse_date("2026-03-08")}))
        resources.push_back(resource);
    for (const Resource& resource : resources) {
        ASSERT_GT(resource.forms.size(), 1u) << resource.stored_as;
        EXPECT_STREQ(resource.forms.front().order, "id asc");
        for (std::size_t later = 1; later < resource.forms.size(); ++later)
            EXPECT_EQ(std::string(resource.forms[later].order).find("id"), std::string::npos);
        EXPECT_FALSE(resource.forms.back().counts);
        EXPECT_LE(resource.forms.back().largest_page, 100);
    }
}

TEST(QueryForm, SaysWhatItAsksFor)
{
    std::vector<QueryForm> forms = query_forms("id,name", "createdAt asc", "");
    EXPECT_EQ(forms[0].describe(1000, false), "$orderby=id asc, $count=true, $top=1000");
    EXPECT_EQ(forms[3].describe(1000, true), "no $orderby, no $count, $top=100, $select=id,name");
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

TEST(PageQuery, LeavesOutWhatAFormDoesNotAskFor)
{
    Resource resource{"HourEntries", JibbleHost::time_tracking, "HourEntries"};
    EXPECT_EQ(page_query(in_form(resource, {"", "", false}), "", 0, 100), "$top=100&$skip=0");
}

TEST(PageQuery, NamesNoOrderWhereThereIsNone)
{
    Resource resource{"Schedules", JibbleHost::workspace, "Schedules"};
    resource.order = "";
    EXPECT_EQ(page_query(resource, "", 0, 1), "$top=1&$skip=0&$count=true");
}
