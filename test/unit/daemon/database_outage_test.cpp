#include "alerts/database_outage.hpp"

#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "postgres/database.hpp"

using namespace timesheetd;
using namespace std::chrono_literals;

namespace
{

// Its second line.
std::string since(const std::string& reached_at, std::chrono::seconds seen_for)
{
    std::string text = database_outage_text(reached_at, seen_for);
    std::size_t begin = text.find('\n') + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

// A webhook on this machine that accepts everything and counts.
class Listener
{
  public:
    Listener() : socket_(socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        listen(socket_, 5);
        url_ = fmt::format("http://127.0.0.1:{}/hook", ntohs(address.sin_port));
        thread_ = std::thread([this] { answer(); });
    }
    ~Listener()
    {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        close(socket_);
    }
    const std::string& url() const { return url_; }
    int posts() const { return posts_; }

  private:
    void answer()
    {
        for (int peer = 0; (peer = accept(socket_, nullptr, nullptr)) >= 0;) {
            char request[4096];
            if (recv(peer, request, sizeof request, 0) > 0)
                ++posts_;
            const std::string answer =
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            close(peer);
        }
    }

    int socket_;
    std::string url_;
    std::atomic<int> posts_{0};
    std::thread thread_;
};

} // namespace

TEST(DatabaseOutage, IsReportedOnceWhenTwoPassesInARowDidNotReachIt)
{
    Listener webhook;
    Configuration configuration(Variables{{"ALERT_WEBHOOK_URL", webhook.url()}});
    DatabaseOutage outage(configuration);
    outage.note_unreachable();
    EXPECT_EQ(webhook.posts(), 0);
    for (int pass = 2; pass < 5; ++pass) {
        outage.note_unreachable();
        EXPECT_EQ(webhook.posts(), 1);
    }
    outage.note_reached("Mon 30 Nov 2026, 10:02 (Asia/Manila)");
    outage.note_unreachable();
    EXPECT_EQ(webhook.posts(), 1);
    outage.note_unreachable();
    EXPECT_EQ(webhook.posts(), 2); // another outage
}

// Such as by a pass that failed for lack of a right.
TEST(DatabaseOutage, IsNoneWhereAPassBetweenReachedIt)
{
    Listener webhook;
    Configuration configuration(Variables{{"ALERT_WEBHOOK_URL", webhook.url()}});
    DatabaseOutage outage(configuration);
    for (int pass = 0; pass < 3; ++pass) {
        outage.note_unreachable();
        outage.note_reached("");
    }
    EXPECT_EQ(webhook.posts(), 0);
}

TEST(DatabaseError, SaysWhetherTheServerIsGone)
{
    for (const char* sqlstate : {"", "08006", "08001", "57P01", "57P02", "57P03"})
        EXPECT_TRUE(DatabaseError("", sqlstate).is_unreachable()) << sqlstate;
    for (const char* sqlstate : {"42501", "55P03", "57014", "25006", "23505", "40001"})
        EXPECT_FALSE(DatabaseError("", sqlstate).is_unreachable()) << sqlstate;
}

TEST(DatabaseOutage, IsSaidInTheOfficesTime)
{
    EXPECT_EQ(since("Mon 30 Nov 2026, 10:02 (Asia/Manila)", 601s),
              "timesheetd has not reached it since Mon 30 Nov 2026, 10:02 (Asia/Manila): for 10 "
              "minutes now, in two passes or more. This message comes once.");
}

TEST(DatabaseOutage, HasNoTimeWhereTheDatabaseWasNeverReached)
{
    EXPECT_EQ(since("", 0s), "timesheetd has not reached it since it started: for less than a "
                             "minute now, in two passes or more. This message comes once.");
}

TEST(DatabaseOutage, IsAsLongAsItWasSeen)
{
    for (auto [seconds, words] :
         {std::pair(0s, "for less than a minute now"), std::pair(59s, "for less than a minute now"),
          std::pair(60s, "for 1 minute now"), std::pair(119s, "for 1 minute now"),
          std::pair(120s, "for 2 minutes now"), std::pair(86400s, "for 1440 minutes now")})
        EXPECT_NE(since("", seconds).find(words), std::string::npos) << words;
}

TEST(DatabaseOutage, SaysWhatItMeansAndWhatToDo)
{
    std::string text = database_outage_text("", 60s);
    for (const char* part :
         {"Problem: The database cannot be reached\n", "\nWhat it means: ", "\nWhat to do: "})
        EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(DatabaseOutage, IsOnlyCountedWithoutAWebhook)
{
    Configuration configuration(Variables{});
    DatabaseOutage outage(configuration);
    for (int pass = 0; pass < 3; ++pass)
        outage.note_unreachable(); // posts nothing, and fails nothing
    outage.note_reached("");
}
