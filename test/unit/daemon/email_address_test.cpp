#include "text/email_address.hpp"

#include <gtest/gtest.h>

#include "configuration/address_list.hpp"
#include "process/failure.hpp"

using namespace timesheetd;

namespace
{

using Addresses = std::vector<std::string>;

std::string complaint_about(const std::string& list)
{
    try {
        parse_address_list("ALERT_EMAILS", list);
    } catch (const WrongUsage& e) {
        return e.what();
    }
    return "none";
}

} // namespace

TEST(EmailAddress, IsAPlainOneOfAscii)
{
    for (const std::string& text :
         {std::string("ann@example.com"), std::string("a.b+c@mail.example.co"),
          std::string("o'hara@x1-y.example.com"), std::string(64, 'a') + "@example.com"})
        EXPECT_TRUE(is_email_address(text)) << text;
    for (const std::string& text :
         {std::string(""), std::string("ann"), std::string("@example.com"), std::string("ann@"),
          std::string("ann@example"), std::string("ann@example.c"), std::string("ann@.com"),
          std::string("ann@example..com"), std::string("ann@-example.com"),
          std::string("ann@example.com."), std::string("ann@example-.com"),
          std::string("a@b@example.com"), std::string("ann <ann@example.com>"),
          std::string("an n@example.com"), std::string("Ann@example.com"),
          std::string("ann@ex\xc3\xa4mple.com"), std::string("ann@example.com\r\nBcc: x@y.com"),
          std::string(65, 'a') + "@example.com", "a@" + std::string(250, 'b') + ".com"})
        EXPECT_FALSE(is_email_address(text)) << text;
}

TEST(AddressList, IsReadInLowerCaseAndEachOnce)
{
    EXPECT_EQ(
        parse_address_list("ALERT_EMAILS", " Ann@Example.com ,bob@example.com,ANN@example.com,"),
        (Addresses{"ann@example.com", "bob@example.com"}));
}

TEST(AddressList, NamesTheValueThatIsWrongAndTheRemedy)
{
    EXPECT_EQ(complaint_about("ann@example.com, Bob <bob@example.com>"),
              "ALERT_EMAILS: \"Bob <bob@example.com>\" is not an e-mail address; give plain "
              "addresses with commas between them, such as ann@example.com,bob@example.com");
    EXPECT_NE(complaint_about("ann@example.com;bob@example.com"), "none");
    EXPECT_NE(complaint_about("ann@example.com bob@example.com"), "none");
    EXPECT_NE(complaint_about(" , ,").find("names no address"), std::string::npos);
}

TEST(AddressList, HasAtMostTwentyAddresses)
{
    std::string list;
    for (int i = 1; i <= 20; ++i)
        list += "a" + std::to_string(i) + "@example.com,";
    EXPECT_EQ(parse_address_list("ALERT_EMAILS", list).size(), 20u);
    EXPECT_NE(complaint_about(list + "b@example.com").find("names 21 addresses"),
              std::string::npos);
}
