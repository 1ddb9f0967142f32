// Asks Jibble for one object by its id. That nothing comes proves nothing by itself: some forms of
// the question may find nothing whatever they are asked for, as may a key that lost its rights. So
// a form counts once it has found an object that Jibble listed a moment ago.
//
//   ask: found, found, nothing ─▶ prove the form ─▶ ask again, ask, ask … ─▶ confirm
//                                                   what is not found between the two is gone
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "resource_reader.hpp"

namespace timesheetd
{

// No form of the question found what is known to be there: no empty answer can be believed.
struct Unproven : Failure {
    using Failure::Failure;
};

// Whether Jibble gave the objects asked for a date: by one, the others cannot be found.
enum class Dating { dated, undated };

// Which form found something last, by resource and dating. Kept for as long as the process lives.
using ProvenForms = std::map<std::pair<std::string, Dating>, std::size_t>;

class IdQuestions
{
  public:
    IdQuestions(ResourceReader::Fetch fetch, ProvenForms& forms)
        : fetch_(std::move(fetch)), forms_(forms)
    {
    }

    // What the list of this resource has just shown, read whole; replaces what it showed before.
    void set_listed(const Resource& resource, const std::vector<Guid>& listed);
    // Whether there is anything to prove a form with.
    bool can_prove(const Resource& resource) const;
    // Whether a list that is no window of days has shown it; of windows that is not kept.
    bool was_listed(const Resource& resource, const Guid& id) const;

    // The answer that holds the object; nothing if a form that has found something listed since
    // the list was read does not find it. Throws Unproven, naming each form and what came of it,
    // if there is none, or if Jibble refuses the question.
    std::optional<Page> find(const Resource& resource, const Guid& id,
                             Dating dating = Dating::dated);
    // Throws Unproven if the form in use no longer finds what was listed.
    void confirm(const Resource& resource, Dating dating = Dating::dated);
    // By each form in turn, for where nothing is left to prove one with. What is refused is not
    // found, unless all of them are: throws Unproven.
    std::optional<Page> find_by_any(const Resource& resource, const Guid& id);

    long long asked() const { return asked_; }

  private:
    using Key = ProvenForms::key_type;

    std::size_t form_in_use(const Resource& resource, Dating dating) const;
    void prove(const Resource& resource, Dating dating);
    std::optional<Page> ask(const Resource& resource, const Guid& id, std::size_t form);
    Page fetched(const Resource& one);
    // Empty if the form finds something listed, else what came instead.
    std::string why_unproven(const Resource& resource, std::size_t form);

    ResourceReader::Fetch fetch_;
    ProvenForms& forms_;
    std::map<std::string, std::vector<Guid>> witnesses_; // a few of what each list showed
    std::map<std::string, std::set<Guid>> listed_;       // all of it
    std::set<Key> proven_;                               // since the list was read
    long long asked_ = 0;
};

} // namespace timesheetd
