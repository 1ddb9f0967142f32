// Which time and hour entries were deleted in Jibble: those that a window which was read whole does
// not show, that a question for them does not find, and whose person is still there.
#pragma once

#include <map>

#include "id_questions.hpp"
#include "mass_deletion.hpp"
#include "object_lookup.hpp"
#include "run_store.hpp"

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

    // After the resource's window was read and showed `seen`: stores what is found elsewhere, a
    // tombstone for what is gone, and holds back what a person has to decide. Throws Unproven, with
    // nothing deleted on an answer that was not proven.
    void check(const Resource& resource, const std::vector<Guid>& seen);

  private:
    void ask_for(const Resource& resource, const std::vector<MissingEntry>& missing, Dating dating);
    // Takes those whose person is gone, too, out of `gone`, if they count.
    void hold_of_deleted_people(std::vector<MissingEntry>& gone);
    bool is_person_there(const Guid& person);
    void store_found(const Resource& resource, Page& page);
    void delete_entries(const Resource& resource, const std::vector<MissingEntry>& gone);

    IdQuestions& questions_;
    const ObjectLookup& lookup_;
    RunStore& store_;
    MassDeletion mass_deletion_;
    std::vector<HeldDeletion> held_;
    std::map<Guid, bool> people_; // that were asked for: whether they are there
};

} // namespace timesheetd
