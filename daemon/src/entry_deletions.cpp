#include "entry_deletions.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace timesheetd
{

namespace
{

// Between two proofs.
constexpr std::size_t questions_at_once = 100;

} // namespace

void EntryDeletions::check(const Resource& resource, const std::vector<Guid>& seen)
{
    held_.clear();
    questions_.set_listed(resource, seen);
    std::vector<MissingEntry> dated, undated;
    for (const MissingEntry& entry : store_.missing_entries(resource.stored_as, seen)) {
        if (mass_deletion_ == MassDeletion::held_back && entry.is_held)
            held_.push_back({entry.id, entry.person, "person_deleted"});
        else if (mass_deletion_ == MassDeletion::held_back && !questions_.can_prove(resource))
            held_.push_back({entry.id, entry.person, "nothing_listed"});
        else
            (entry.is_dated ? dated : undated).push_back(entry);
    }
    if (std::size_t missing = dated.size() + undated.size())
        spdlog::info("{}: {} of {} are not shown any more; asking for each", resource.stored_as,
                     missing, to_text(store_.window()));
    ask_for(resource, dated, Dating::dated);
    try {
        ask_for(resource, undated, Dating::undated);
    } catch (const Unproven& e) {
        // What has no date may be asked for by its id alone. Where that cannot be, nothing says
        // that it was deleted: as it would be so in every pass, it must not fail each of them.
        spdlog::warn("{}; {} entries without a date stay as they are", e.what(), undated.size());
    }
    if (std::size_t held = store_.hold_deletions(resource.stored_as, held_); !held_.empty())
        spdlog::warn("{}: {} that Jibble shows no more are kept until a person decides ({} in "
                     "all); see timesheet.alerts",
                     resource.stored_as, held_.size(), held);
}

void EntryDeletions::ask_for(const Resource& resource, const std::vector<MissingEntry>& missing,
                             Dating dating)
{
    if (missing.empty())
        return;
    bool can_prove = questions_.can_prove(resource);
    for (std::size_t begin = 0; begin < missing.size(); begin += questions_at_once) {
        std::vector<MissingEntry> gone;
        std::size_t end = std::min(missing.size(), begin + questions_at_once);
        for (std::size_t i = begin; i < end; ++i) {
            std::optional<Page> page = can_prove ? questions_.find(resource, missing[i].id, dating)
                                                 : questions_.find_by_any(resource, missing[i].id);
            if (page)
                store_found(resource, *page);
            else
                gone.push_back(missing[i]);
        }
        if (gone.empty())
            continue;
        if (can_prove)
            questions_.confirm(resource, dating);
        if (mass_deletion_ == MassDeletion::held_back)
            hold_of_deleted_people(gone);
        delete_entries(resource, gone);
    }
}

void EntryDeletions::hold_of_deleted_people(std::vector<MissingEntry>& gone)
{
    auto there = std::stable_partition(gone.begin(), gone.end(), [&](const MissingEntry& entry) {
        return !entry.counts || (entry.person && is_person_there(*entry.person));
    });
    for (auto entry = there; entry != gone.end(); ++entry)
        held_.push_back({entry->id, entry->person, "person_deleted"});
    gone.erase(there, gone.end());
}

// Asked now, not taken from the list: the person may have been deleted a moment ago. The list is
// believed only where no question can find anybody.
bool EntryDeletions::is_person_there(const Guid& person)
{
    auto known = people_.find(person);
    if (known != people_.end())
        return known->second;
    Resource people = lookup_.list_of("People");
    bool is_there = false;
    try {
        is_there = (questions_.was_listed(people, person) ? questions_.find(people, person)
                                                          : questions_.find_by_any(people, person))
                       .has_value();
    } catch (const Unproven&) {
        is_there = questions_.was_listed(people, person);
    }
    people_[person] = is_there;
    return is_there;
}

void EntryDeletions::store_found(const Resource& resource, Page& page)
{
    store_.store_page(resource.stored_as, page.ids, page.payloads);
}

void EntryDeletions::delete_entries(const Resource& resource, const std::vector<MissingEntry>& gone)
{
    std::vector<Guid> ids;
    for (const MissingEntry& entry : gone)
        ids.push_back(entry.id);
    if (!ids.empty())
        store_.store_tombstones(resource.stored_as, ids);
}

} // namespace timesheetd
