#include "digest/portal_link.hpp"

#include <string>

#include <gtest/gtest.h>

using namespace timesheetd;

// Made by Python's hmac, hashlib and base64, and the first by openssl dgst -hmac too.
namespace
{

const std::string secret = "0123456789abcdef0123456789abcdef";
const std::string key = "2f1c9a64-7e0b-4c53-9a5e-0d3f6b8e1a77";
const std::string token = "JTL0qdl7wto4uZZ0XPdJ5NQG5mlcS4IF-UwADouehMQ";
const std::string url = "https://hours.example.com/portal";

} // namespace

TEST(PortalLink, MakesTheTokenFromTheKeyOfTheEmailAndTheSecret)
{
    EXPECT_EQ(portal_token(secret, key), token);
    // A secret that is longer than a block of the hash, and not ASCII.
    EXPECT_EQ(portal_token("kräftiges Geheimnis mit Umlauten, das länger ist als ein Block von "
                           "vierundsechzig Bytes",
                           "00000000-0000-0000-0000-000000000000"),
              "R4flWEHl1Jd3f1znjmYCPw5EIkOD4pWNw96v8wuVG5I");
}

// RFC 4231, test case 2.
TEST(PortalLink, MakesTheCodeOfTheStandardsExample)
{
    EXPECT_EQ(portal_token("Jefe", "what do ya want for nothing?"),
              "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
}

TEST(PortalLink, MakesAnotherTokenForEachEmailAndEachSecret)
{
    std::string other_key = key;
    other_key.back() = '8';
    EXPECT_NE(portal_token(secret, other_key), token);
    EXPECT_NE(portal_token(secret + "0", key), token);
}

TEST(PortalLink, GivesTheDatabaseTheHashOfTheTokensText)
{
    EXPECT_EQ(portal_token_sha256(token),
              "\\x25048753fb87c61bf31365eefa37a6ed2058c0590a20b31aadee5362fc0ed0f1");
}

// RFC 4648, section 10, and the two characters in which base64url differs.
TEST(PortalLink, WritesBase64UrlWithoutPadding)
{
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foo"), "Zm9v");
    EXPECT_EQ(base64url("foob"), "Zm9vYg");
    EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64url(std::string(32, '\0')).size(), 43U);
}

TEST(PortalLink, PutsTheTokenInWhereverThePlaceHolderIs)
{
    std::string link = portal_link(url, key);
    EXPECT_EQ(link, url + "?token=token-of-" + key);
    EXPECT_EQ(with_portal_token("<a href=\"" + link + "\"> and " + link, key, token),
              "<a href=\"" + url + "?token=" + token + "\"> and " + url + "?token=" + token);
}

TEST(PortalLink, LeadsToThePortalAloneWhereThereIsNoToken)
{
    EXPECT_EQ(with_portal_token("<a href=\"" + portal_link(url, key) + "\">", key, ""),
              "<a href=\"" + url + "\">");
}

TEST(PortalLink, KnowsItsOwnPlaceHolderOnly)
{
    std::string others = portal_link(url, "00000000-0000-0000-0000-000000000000");
    EXPECT_TRUE(has_portal_link("See " + portal_link(url, key), key));
    EXPECT_FALSE(has_portal_link(others, key));
    EXPECT_FALSE(has_portal_link("", key));
    EXPECT_FALSE(has_portal_link(key, key));
    EXPECT_EQ(with_portal_token(others, key, token), others);
    EXPECT_EQ(with_portal_token("", key, token), "");
}
