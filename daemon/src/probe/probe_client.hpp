// Asks Jibble for `probe`: reads only, counts every request, and takes a refusal as an answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "configuration/configuration.hpp"
#include "http/http_client.hpp"
#include "http/rate_limit.hpp"
#include "jibble/access_token.hpp"
#include "jibble/resource.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

constexpr int max_probe_requests = 60;

// What came of one question. Nothing of an answer but its status and its rows goes further.
class ProbeAnswer
{
  public:
    enum class Kind {
        rows,     // 200, and a list
        refused,  // a status that another attempt will not change
        unusable, // no answer, or one that is not a list
        not_asked // the requests are exhausted
    };

    Kind kind = Kind::not_asked;
    std::string why;                    // where there are no rows: "was refused with 400"
    bool is_bare_array = false;         // [...] instead of {"value": [...]}
    std::optional<std::uint64_t> count; // @odata.count

    bool has_rows() const { return kind == Kind::rows; }
    bool is_refused() const { return kind == Kind::refused; }
    // Only where it has_rows().
    rapidjson::Value::ConstArray rows() const;
    std::size_t size() const { return has_rows() ? rows().Size() : 0; }

  private:
    friend class ProbeClient;
    std::shared_ptr<rapidjson::Document> document_;
};

class ProbeClient
{
  public:
    explicit ProbeClient(const Configuration& configuration);

    // `query` is ready to send; `label` says for the log what is asked, without any id in it.
    // Throws Stopped and nothing else.
    ProbeAnswer get(JibbleHost host, const std::string& resource, const std::string& query,
                    const std::string& label);

    // Until this list is read, requests are kept back for a question about it that use_reserve()
    // allows: it may be refused, or the requests may end before it is asked for.
    void reserve_question(JibbleHost host, const std::string& resource);
    void use_reserve() { reserved_.clear(); }

    int requests() const { return requests_; }
    // Whether any list came at all.
    bool was_answered() const { return was_answered_; }
    bool was_read(JibbleHost host, const std::string& resource) const;
    // Whether this list was asked for and never came, in any form; why, in words: "TimeEntries
    // was refused with 403". Nothing where it came, or was not asked for.
    std::optional<std::string> why_never_read(JibbleHost host, const std::string& resource) const;
    // The first trouble that kept answers from coming; "" if there was none.
    const std::string& trouble() const { return trouble_; }

  private:
    struct Host {
        std::string url;
        std::string why_down = ""; // once nothing more is asked of it
    };

    HttpResponse perform(const HttpRequest& request);
    int reserve() const;
    HttpResponse attempt(const HttpRequest& request);
    HttpResponse authorized(const std::string& url);
    void ensure_token();
    ProbeAnswer asked(Host& host, const std::string& url);
    ProbeAnswer parsed(const HttpResponse& response);
    void note_trouble(const std::string& text);

    AccessToken token_;
    Host hosts_[3];
    HttpClient http_;
    RateLimit rate_limit_;
    std::minstd_rand random_{std::random_device{}()};
    std::string why_no_token_;
    // Of each list that was asked for why it did not come; "" once it did.
    std::map<std::pair<JibbleHost, std::string>, std::string> read_;
    std::vector<std::pair<JibbleHost, std::string>> reserved_;
    std::string trouble_;
    std::string last_trouble_;
    int requests_ = 0;
    bool was_answered_ = false;
};

} // namespace timesheetd
