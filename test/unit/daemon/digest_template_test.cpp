#include "digest/digest_template.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

using namespace timesheetd;

namespace
{

// The smallest content that fills the templates, with one name in every place that has one.
std::string content_with(const std::string& name)
{
    std::string quoted = "\"" + name + "\"";
    return R"({"subject":)" + quoted + R"(,"preheader":)" + quoted + R"(,"title":)" + quoted +
           R"(,"period":)" + quoted + R"(,"time_zones":)" + quoted +
           R"(,"total":{"hours":"1.00"},"client_groups":[{"name":)" + quoted +
           R"(,"hours":"1.00","agents":[{"name":)" + quoted +
           R"(,"hours":"1.00"}]}],"activities":[{"name":)" + quoted + R"(,"hours":"1.00"}]})";
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

} // namespace

TEST(DigestTemplate, EscapesEveryNameInHtml)
{
    RenderedDigest digest = render_digest(content_with("<b onload='x()'>&{{title}}"), {});
    EXPECT_EQ(digest.html.find("<b onload"), std::string::npos);
    EXPECT_GE(count(digest.html, "&lt;b onload=&apos;x()&apos;&gt;&amp;{{title}}") +
                  count(digest.html, "&lt;b onload=&#39;x()&#39;&gt;&amp;{{title}}"),
              4U);
}

TEST(DigestTemplate, LeavesNamesAsTheyAreInText)
{
    RenderedDigest digest = render_digest(content_with("<Ana & Co>"), {});
    EXPECT_GE(count(digest.text, "<Ana & Co>"), 3U);
    EXPECT_EQ(digest.text.find("&lt;"), std::string::npos);
}

TEST(DigestTemplate, ShowsALinkOnlyIfThereIsOne)
{
    RenderedDigest without = render_digest(content_with("Ana"), {});
    EXPECT_EQ(count(without.html, "<a "), 0U);
    RenderedDigest with = render_digest(
        content_with("Ana"), {"https://hours.example.com/?a=1&b=\"2\"", "mailto:us@example.com"});
    EXPECT_EQ(count(with.html, "<a "), 2U);
    EXPECT_EQ(with.html.find("b=\"2\""), std::string::npos);
    EXPECT_NE(with.text.find("https://hours.example.com/?a=1&b=\"2\""), std::string::npos);
    EXPECT_NE(with.text.find("mailto:us@example.com"), std::string::npos);
}

TEST(DigestTemplate, RefusesWhatIsNoContent)
{
    for (const char* content : {"", "[]", "{", "null"})
        EXPECT_THROW(render_digest(content, {}), std::logic_error) << content;
}
