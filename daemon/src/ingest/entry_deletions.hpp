// Which time and hour entries were deleted in Jibble: those that a window which was read whole does
// not show, that a question for them does not find, and whose person is still there, as another
// entry of theirs. A key that may read its own person's entries only would find no others.
#pragma once

#include <map>
#include <set>

#include "ingest/mass_deletion.hpp"
#include "ingest/object_lookup.hpp"
#include "ingest/run_store.hpp"
#include "jibble/id_questions.hpp"

namespace timesheetd
{

class EntryDeletions
{
  public:
    EntryDeletions(IdQuestions& questions, const ObjectLookup& lookup, RunStore& store,
                   MassDeletion mass_deletion)
        : questions_(questions), lookup_(lookup), store_(store), mass_deletion_(mass_deletion)
    {
    }

    // After the resource's window was read and showed `seen`, time entries first: stores what is
    // found elsewhere, a tombstone for what is deleted, and holds back what a person has to decide.
    // Throws Unproven, with nothing deleted on an answer that was not proven.
    void check(const Resource& resource, const std::vector<Guid>& seen);

  private:
    // Takes those of which nothing can say whether Jibble would show them out of `missing`.
    void hold_unprovable(const Resource& resource, std::vector<MissingEntry>& missing);
    void hold_of_people_not_shown(const Resource& resource, std::vector<MissingEntry>& missing);
    void find_shown(const std::vector<MissingEntry>& missing);
    bool may_be_shown(const Resource& resource, const Guid& person,
                      const std::vector<MissingEntry>& missing);
    // Whether another entry of theirs is found, or one of these, by a form that is proven.
    bool is_found(const Resource& resource, const Guid& person,
                  const std::vector<MissingEntry>& missing);
    void ask_for(const Resource& resource, const std::vector<MissingEntry>& missing, Dating dating);
    // Takes those whose person is deleted, too, out of `deleted`.
    void hold_of_deleted_people(std::vector<MissingEntry>& deleted);
    bool is_person_there(const Guid& person);
    void store_found(const Resource& resource, const Page& page);
    void delete_entries(const Resource& resource, const std::vector<MissingEntry>& deleted);

    IdQuestions& questions_;
    const ObjectLookup& lookup_;
    RunStore& store_;
    MassDeletion mass_deletion_;
    std::vector<HeldDeletion> held_;
    std::vector<Guid> seen_;      // in the window, of both resources
    std::map<Guid, bool> people_; // that were asked for: whether they are there
    std::set<Guid> shown_;        // people of whom an entry was found in this run
};

} // namespace timesheetd
