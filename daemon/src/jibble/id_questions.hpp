// Asks Jibble for one object by its id. An empty answer alone proves nothing: some forms of the
// question may never find anything, and a key may have lost its rights. So
// a form counts once it has found an object that Jibble listed a moment ago, or that is known to
// exist.
//
//   ask: found, found, nothing ─▶ prove the form ─▶ ask again, ask, ask … ─▶ confirm
//                                                   what is not found between the two is deleted
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "jibble/resource_reader.hpp"

namespace timesheetd
{

// No form of the question found what is known to exist: an empty answer proves nothing.
struct Unproven : Failure {
    using Failure::Failure;
};

// And none of them was answered: Jibble refused each, as it may do in every pass.
struct QuestionsRefused : Unproven {
    using Unproven::Unproven;
};

// Whether Jibble gave the objects asked for a date: by one, the others cannot be found.
enum class Dating { dated, undated };

// What a process has learned of how it may ask for one object.
struct QuestionMemory {
    // Which form found something last, by resource and dating.
    std::map<std::pair<std::string, Dating>, std::size_t> forms;
    std::set<std::string> warned_of; // resources that it has said cannot be asked for
};

class IdQuestions
{
  public:
    IdQuestions(ResourceReader::Fetch fetch, QuestionMemory& memory)
        : fetch_(std::move(fetch)), memory_(memory)
    {
    }

    // What the list of this resource has just shown, read whole; replaces what it showed before.
    void set_listed(const Resource& resource, const std::vector<Guid>& listed);
    // Others known to exist, for where the list has shown nothing to prove a form with.
    void set_witnesses(const Resource& resource, const std::vector<Guid>& living);
    // Whether there is anything to prove a form with.
    bool can_prove(const Resource& resource) const;
    // Whether a form finds any of it.
    bool is_proven(const Resource& resource);
    // Whether a list that is no window of days has shown it; of windows that is not kept.
    bool was_listed(const Resource& resource, const Guid& id) const;

    // The answer that holds the object; nothing if a form that has found something listed since
    // the list was read does not find it. Throws Unproven, naming each form and what came of it,
    // if there is none, or if Jibble refuses the question (QuestionsRefused).
    std::optional<Page> find(const Resource& resource, const Guid& id,
                             Dating dating = Dating::dated);
    // Throws Unproven if the form in use no longer finds what was listed.
    void confirm(const Resource& resource, Dating dating = Dating::dated);
    // By each form in turn, for where nothing is left to prove one with. What is refused is not
    // found, unless all are refused: throws QuestionsRefused.
    std::optional<Page> find_by_any(const Resource& resource, const Guid& id);
    // Warns that the resource cannot be asked for by id and what comes of it, once in this process.
    void warn_once(const Resource& resource, const Unproven& why, const std::string& so);

    long long asked() const { return asked_; }

  private:
    using Key = std::pair<std::string, Dating>;
    // Why a form proves nothing; none if it has found something.
    struct FormProblem {
        std::string why;
        bool is_refusal = false;
    };

    std::size_t form_in_use(const Resource& resource, Dating dating) const;
    void prove(const Resource& resource, Dating dating);
    std::optional<Page> ask(const Resource& resource, const Guid& id, std::size_t form);
    Page fetched(const Resource& one);
    std::optional<FormProblem> problem_of(const Resource& resource, std::size_t form);

    ResourceReader::Fetch fetch_;
    QuestionMemory& memory_;
    std::map<std::string, std::vector<Guid>> witnesses_; // a few of what is known to exist
    std::map<std::string, std::set<Guid>> listed_;       // all of it
    std::set<Key> proven_;                               // since the list was read
    long long asked_ = 0;
};

} // namespace timesheetd
