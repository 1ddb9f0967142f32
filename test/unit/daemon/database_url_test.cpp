#include "postgres/database_url.hpp"

#include <cstdlib>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "process/failure.hpp"
#include "process/scrubber.hpp"

using namespace timesheetd;

namespace
{

std::string complaint(const std::string& url)
{
    try {
        check_database_url(url);
    } catch (const WrongUsage& e) {
        return e.what();
    }
    return "none";
}

} // namespace

// Each would show a part of "hush" or "quiet" to the name server or in libpq's message.
TEST(DatabaseUrl, RefusesWhatWouldShowAPartOfThePassword)
{
    for (const char* url : {
             "postgresql://u:hush@quiet@h/db",
             "postgres://u:hush@quiet@h:5432/db?sslmode=require",
             "postgresql://u@hush@quiet/db",
             "postgresql://u:hu@sh@qui@et@h",
             "postgresql://u:hush/quiet@h/db",
             "postgresql://u:hush@quiet/x@h/db",
             "postgresql://u:/hush@h/db",
             "postgresql://u:hush/quiet",
             "postgresql://h?user=u&password=hush@quiet",
             "postgresql://h:5432?user=u&password=hush@quiet",
             "postgresql://u:hush?quiet@h/db",
             "postgresql://u:hush@h1,u:hush@h2/db",
             "postgresql://u%3Ahush@h/db",
             "postgresql://h%40hush/db",
             "host=u:hush@h dbname=db",
             "host=postgresql://u:hush@h/db dbname=db",
             "host=h dbname=postgresql://u:hush@h/db",
             "host=h dbname='host=h password=hush'",
             "host=h port=hush dbname=db",
             "host='h hush' dbname=db",
             "host=h password=hush quiet",
             "host=h application_name=postgresql://u:hush@h/db",
             "postgresql://u:p@h/db?service=password=hush",
             "Postgresql://u:hush@h/db",
             "postgresql://u:hush@h/db?quiet",
         }) {
        std::string said = complaint(url);
        EXPECT_EQ(said.rfind("DATABASE_URL: ", 0), 0u) << url;
        EXPECT_EQ(said.find("hush"), std::string::npos) << said;
        EXPECT_EQ(said.find("quiet"), std::string::npos) << said;
        EXPECT_NE(said.find("%40 for @"), std::string::npos) << said;
    }
}

TEST(DatabaseUrl, TakesEveryOtherFormOfLibpq)
{
    for (const char* url : {
             "postgresql://u:p%40ss%2Fw%3Aord@h/db",
             "postgresql://u:a:b#c;d@h:5432/db",
             "postgresql:///db?host=/var/run/postgresql&user=a@b",
             "postgresql://h/db?user=u&password=a@b",
             "postgresql://%2Fvar%2Frun/db",
             "postgresql://u@h1:5432,h2:5433/db?target_session_attrs=any",
             "postgresql://u:p@[::1]:5432/db",
             "postgresql://h/my%40db",
             "host=h1,h2 port=5432,5433 user=u password='p@s s' dbname=db",
             "host=@abstract dbname=db",
             "service=mine",
             "passfile=/etc/pass dbname=db",
         })
        EXPECT_EQ(complaint(url), "none") << url;
}

TEST(DatabaseUrl, HidesEachPasswordInIt)
{
    hide_database_secrets("host=h password='key=value pass' sslpassword=tls-pass dbname=db");
    EXPECT_EQ(scrubber().scrub("key=value pass and tls-pass"), "*** and ***");
    hide_database_secrets("postgresql://h/db?user=u&password=w%40ve%26&sslpassword=t%2Fls");
    EXPECT_EQ(scrubber().scrub("w@ve& w%40ve%26 t/ls t%2Fls"), "*** *** *** ***");
}

namespace
{

void set_variable(const char* name, const std::optional<std::string>& value)
{
    if (value)
        setenv(name, value->c_str(), 1);
    else
        unsetenv(name);
}

// Sets a variable, or takes it away, as long as it lives.
class WithVariable
{
  public:
    WithVariable(const char* name, const std::optional<std::string>& value) : name_(name)
    {
        if (const char* before = std::getenv(name))
            before_ = before;
        set_variable(name, value);
    }
    ~WithVariable() { set_variable(name_, before_); }
    WithVariable(const WithVariable&) = delete;
    WithVariable& operator=(const WithVariable&) = delete;

  private:
    const char* name_;
    std::optional<std::string> before_;
};

} // namespace

TEST(DatabaseAuthorities, AreThoseOfSslCertFileWhereTheCertificateIsChecked)
{
    {
        WithVariable no_file("SSL_CERT_FILE", std::nullopt);
        EXPECT_EQ(database_authorities("postgresql://u:p@h/db?sslmode=verify-full"), "");
    }
    WithVariable file("SSL_CERT_FILE", "/certificates");
    EXPECT_EQ(database_authorities("postgresql://u:p@h/db?sslmode=verify-full"), "/certificates");
    EXPECT_EQ(database_authorities("host=h sslmode=verify-ca dbname=db"), "/certificates");
    WithVariable mode("PGSSLMODE", "verify-full");
    EXPECT_EQ(database_authorities("postgresql://u:p@h/db"), "/certificates");
    EXPECT_EQ(database_authorities("postgresql://u:p@h/db?sslmode=require"), "");
}

TEST(DatabaseAuthorities, AreLibpqsOwnOtherwise)
{
    WithVariable file("SSL_CERT_FILE", "/certificates");
    // A file that is named would make libpq check what is not to be checked.
    for (const char* mode : {"disable", "allow", "prefer", "require"})
        EXPECT_EQ(database_authorities(std::string("postgresql://h/db?sslmode=") + mode), "");
    EXPECT_EQ(database_authorities("postgresql://h/db"), "");
    EXPECT_EQ(database_authorities("postgresql://h/db?sslmode=verify-full&sslrootcert=/own"), "");
    WithVariable own("PGSSLROOTCERT", "/own");
    EXPECT_EQ(database_authorities("postgresql://h/db?sslmode=verify-full"), "");
}
