// Which time and hour entries were deleted in Jibble: those that a window which was read whole does
// not show, that a question for them does not find, and whose person is still there, as another
// entry of theirs. A key that may read its own person's entries only would find no others.
#pragma once

#include <exception>
#include <map>
#include <set>
#include <string>

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

    // That the resource's window was read whole and showed `seen`; time entries first.
    void set_listed(const Resource& resource, const std::vector<Guid>& seen);
    // After all lists were read: stores what is found elsewhere, a tombstone for what is gone, and
    // holds back what a person has to decide. Throws Unproven, with nothing deleted on an answer
    // that was not proven.
    void check(const Resource& resource);

  private:
    struct List {
        Resource resource;
        std::vector<Guid> seen;
        std::vector<MissingEntry> missing;
    };

    const std::vector<MissingEntry>& missing_of(const Resource& resource) const;
    // Decides who may be there without being shown.
    void judge_people(const Resource& resource);
    // In the order in which they were read, this one included.
    std::vector<const List*> lists_until(const Resource& resource) const;
    std::set<Guid> people_not_shown(const Resource& resource, const std::vector<Guid>& seen);
    // Whether another entry of theirs is found, or one that is missing, by a form that is proven.
    bool is_found(const Resource& resource, const Guid& person);
    bool is_found(const Resource& resource, const Guid& person,
                  const std::vector<MissingEntry>& missing);
    void confirm_asked();
    // Takes those of which nothing can say whether Jibble would show them out of `missing`.
    void hold_unprovable(const Resource& resource, std::vector<MissingEntry>& missing);
    const char* reason_of(const MissingEntry& unprovable) const;
    void hold_of_people_not_shown(const Resource& resource, std::vector<MissingEntry>& missing);
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
    std::vector<List> lists_;
    std::set<Guid> not_shown_;   // missing and not found, perhaps because of the key's rights
    std::set<Guid> found_;       // missing and found by a question
    std::set<Guid> held_before_; // for whom an earlier pass held entries back for that
    // Of resources, when judging people: those asked for, those whose questions proved nothing,
    // and those that cannot be asked for what has no date.
    std::set<std::string> asked_of_;
    std::map<std::string, std::exception_ptr> unproven_;
    std::set<std::string> no_undated_;
    std::map<Guid, bool> people_; // that were asked for: whether they are there
};

} // namespace timesheetd
