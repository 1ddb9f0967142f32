// People, groups and activities that no list shows: asked for by their id. What is found is kept as
// it is there; what is not becomes Removed or Archived. So names survive, and leaving is noticed.
#pragma once

#include <map>
#include <set>

#include "ingest/mass_deletion.hpp"
#include "ingest/run_store.hpp"
#include "jibble/id_questions.hpp"

namespace timesheetd
{

// Whether what the list lacks is asked for by id.
bool is_looked_up(const Resource& resource);

// Lasts for a pass: what was asked for once is not asked for again.
class ObjectLookup
{
  public:
    explicit ObjectLookup(IdQuestions& questions) : questions_(questions) {}

    // After the list was read whole and showed `seen`: asks for a bounded number of those that are
    // known and not in it. Throws Unproven, with nothing taken as deleted on an unproven answer.
    // Where Jibble refuses every question it warns, once, and they stay as they were known.
    void check(RunStore& store, const Resource& resource, const std::vector<Guid>& seen,
               MassDeletion mass_deletion);
    // The resource as its list was last read; else one of dimension_resources().
    Resource list_of(const std::string& stored_as) const;
    // Whether any of these was not asked for yet and may still be.
    bool is_anything_unknown(const std::vector<UnknownObject>& unknown) const;
    // Asks for what entries or people name and no answer has described yet, of all resources.
    void look_up_unknown(RunStore& store);

  private:
    // What an answer that finds nothing is worth: a tombstone, with or without a proof, or nothing.
    enum class Answer { proven, unproven, if_found };

    std::size_t questions_left(const std::string& resource) const;
    std::vector<Guid> bounded(const Resource& resource, std::vector<Guid> ids,
                              MassDeletion mass_deletion) const;
    void name(RunStore& store, const Resource& resource, const std::vector<Guid>& ids);
    void mark_deleted(RunStore& store, const Resource& resource, const std::vector<Guid>& ids);
    void ask_for(RunStore& store, const Resource& resource, const std::vector<Guid>& ids,
                 Answer answer);
    void store_found(RunStore& store, const Resource& resource, const Guid& id, const Page& page);

    IdQuestions& questions_;
    std::map<std::string, Resource> lists_;
    std::set<std::pair<std::string, Guid>> asked_;
};

} // namespace timesheetd
