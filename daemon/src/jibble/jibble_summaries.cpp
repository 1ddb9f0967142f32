#include "jibble/jibble_summaries.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "jibble/odata_page.hpp"
#include "process/log.hpp"
#include "text/json_answer.hpp"
#include "text/utf8.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t people_a_request = 20; // what other clients send
constexpr std::size_t max_bytes = 64 << 20;  // of all summaries together
constexpr JsonBounds summary_object{64 * mebibyte, 32, 10'000'000};
constexpr int attempts_at_malformed = 3;
constexpr int max_broken_in_a_row = 3; // then Jibble is the reason, not these people

const Resource summaries_resource{"TimesheetsSummary", JibbleHost::time_attendance,
                                  "TimesheetsSummary"};

// The people may be the reason; of any other refusal everybody would get the same.
bool is_about_people(long status)
{
    return status == 400 || status == 403 || status == 404;
}

// An answer for several people that stayed one that makes no sense.
struct MalformedForMany {
    std::string fault;
};

class SummaryReader
{
  public:
    SummaryReader(JibbleClient& jibble, Window window) : jibble_(jibble), window_(window) {}

    Summaries read(std::vector<Guid> people)
    {
        ask_for(people);
        // An answer may have been cut to fewer people: those it left out are asked for again for as
        // long as that brings another person.
        for (std::size_t before = people.size(); !unnamed_.empty() && unnamed_.size() < before;) {
            before = unnamed_.size();
            ask_for(std::exchange(unnamed_, {}));
        }
        for (const auto& [person, fault] : faults_)
            found_.unreadable.push_back({person, fault});
        return std::move(found_);
    }

  private:
    void ask_for(const std::vector<Guid>& people)
    {
        for (std::size_t at = 0; at < people.size();) {
            std::size_t count = std::min(batch_, people.size() - at);
            std::vector<Guid> batch(people.begin() + static_cast<std::ptrdiff_t>(at),
                                    people.begin() + static_cast<std::ptrdiff_t>(at + count));
            at += count;
            std::optional<std::string> refusal = refusal_of(batch);
            if (refusal && count == 1)
                refuse(batch.front(), *refusal);
            else if (refusal)
                ask_singly(batch, *refusal);
        }
    }

    void ask_singly(const std::vector<Guid>& batch, const std::string& refusal)
    {
        log::warn("{}; asking for these {} people one by one", refusal, batch.size());
        bool is_one_the_reason = false;
        for (const Guid& person : batch) {
            if (malformed_in_a_row_ >= max_broken_in_a_row) {
                faults_[person] = last_malformed_;
                continue;
            }
            std::optional<std::string> own = refusal_of({person});
            if (own)
                refuse(person, *own);
            is_one_the_reason = is_one_the_reason || own || faults_.count(person) > 0;
        }
        if (!is_one_the_reason) // it is the number
            batch_ = 1;
    }

    // What Jibble says where it does not answer for these people; nothing where it does.
    std::optional<std::string> refusal_of(const std::vector<Guid>& people)
    {
        try {
            ask(people);
            broken_in_a_row_ = 0;
            return std::nullopt;
        } catch (const MalformedForMany& e) { // one of them may be the reason
            return e.fault;
        } catch (const RefusedByJibble& e) {
            if (!is_about_people(e.status))
                throw;
            return e.fact;
        } catch (const LastingFailure& e) { // a 500 that stays may be about them, too
            if (e.status < 500)
                throw;
            if (people.size() == 1 && ++broken_in_a_row_ == max_broken_in_a_row)
                throw Failure(fmt::format("{}; {}, or run timesheetd probe", e.fact, e.remedy));
            return e.fact;
        }
    }

    void ask(const std::vector<Guid>& people)
    {
        std::string query = fmt::format("period=Custom&date={}&endDate={}", to_text(window_.since),
                                        to_text(window_.until));
        for (const Guid& person : people)
            query += "&personIds=" + to_text(person);
        std::vector<Guid> open = people;
        std::string fault; // "" of an answer that makes sense
        bool is_malformed = false;
        int attempt = 0;
        jibble_.fetch(summaries_resource, query, [&](std::string& body) {
            is_malformed = false;
            try {
                std::size_t nameless = take(body, open);
                fault =
                    nameless == 0 ? "" : fmt::format("{} objects in it have no personId", nameless);
            } catch (const MalformedPage& e) {
                if (++attempt < attempts_at_malformed)
                    throw;
                // What cannot be read does not keep others from being compared.
                log::warn("TimesheetsSummary: malformed answer with status 200: {}; it is left "
                          "out; run timesheetd probe",
                          e.what());
                fault = fmt::format("it is malformed: {}", e.what());
                is_malformed = true;
            }
        });
        if (!fault.empty())
            fault = "Jibble answered 200 for TimesheetsSummary, and the answer cannot be read: " +
                    fault;
        if (is_malformed && people.size() > 1)
            throw MalformedForMany{fault};
        malformed_in_a_row_ = is_malformed ? malformed_in_a_row_ + 1 : 0;
        last_malformed_ = is_malformed ? fault : last_malformed_;
        for (const Guid& person : people)
            faults_.erase(person);
        if (!fault.empty())
            for (const Guid& person : open)
                faults_[person] = fault;
        if (people.size() > 1)
            unnamed_.insert(unnamed_.end(), open.begin(), open.end());
    }

    // Keeps the objects of the people who were asked for, and takes these out of `open`. Returns
    // how many objects name no person, and so may belong to any.
    std::size_t take(std::string& body, std::vector<Guid>& open)
    {
        make_storable(body);
        std::size_t first = body.find_first_not_of(" \t\r\n");
        if (first != std::string::npos && body[first] == '[') // a bare array
            body = "{\"value\":" + body + "}";
        std::vector<std::string> objects;
        std::size_t bytes = 0;
        std::vector<Guid> named;
        std::size_t nameless = 0;
        scan_page(body, [&](const PageObject& object) {
            std::optional<Guid> person = person_of(object.text);
            nameless += !person;
            if (!person || std::find(open.begin(), open.end(), *person) == open.end())
                return;
            objects.emplace_back(object.text);
            bytes += object.text.size();
            named.push_back(*person);
        });
        bytes_ += bytes;
        if (bytes_ > max_bytes)
            throw Failure(
                fmt::format("TimesheetsSummary: Jibble's answers have more than {} MiB in all, "
                            "the most that is read; audit fewer days at once",
                            max_bytes >> 20));
        std::move(objects.begin(), objects.end(), std::back_inserter(found_.objects));
        open.erase(std::remove_if(open.begin(), open.end(),
                                  [&](const Guid& person) {
                                      return std::find(named.begin(), named.end(), person) !=
                                             named.end();
                                  }),
                   open.end());
        std::sort(named.begin(), named.end());
        found_.named += static_cast<std::size_t>(
            std::distance(named.begin(), std::unique(named.begin(), named.end())));
        return nameless;
    }

    static std::optional<Guid> person_of(std::string_view object)
    {
        rapidjson::Document document;
        if (!parse_json_object(document, object, summary_object).empty())
            return std::nullopt;
        return parse_guid(text_member(document, "personId"));
    }

    void refuse(const Guid& person, const std::string& fact)
    {
        found_.refused.push_back({person, fact});
        faults_.erase(person);
    }

    JibbleClient& jibble_;
    Window window_;
    std::size_t batch_ = people_a_request;
    int broken_in_a_row_ = 0;
    std::size_t bytes_ = 0;      // of all objects kept
    int malformed_in_a_row_ = 0; // of single people: then it is no person's fault
    std::string last_malformed_;
    std::vector<Guid> unnamed_;          // asked for among others, and not in the answer
    std::map<Guid, std::string> faults_; // of those not in the last answer, what is wrong with it
    Summaries found_;
};

} // namespace

Summaries read_summaries(JibbleClient& jibble, Window window, const std::vector<Guid>& people)
{
    return SummaryReader(jibble, window).read(people);
}

} // namespace timesheetd
