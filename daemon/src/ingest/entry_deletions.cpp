#include "ingest/entry_deletions.hpp"

#include <algorithm>
#include <string_view>

#include <spdlog/spdlog.h>

namespace timesheetd
{

namespace
{

// Between two proofs.
constexpr std::size_t questions_at_once = 100;
// Of somebody whose other entries are not found: it may be the date alone that changed.
constexpr std::size_t max_missing_asked_for = 2;

bool has_dated(const std::vector<MissingEntry>& entries)
{
    return std::any_of(entries.begin(), entries.end(),
                       [](const MissingEntry& entry) { return entry.is_dated; });
}

} // namespace

void EntryDeletions::check(const Resource& resource, const std::vector<Guid>& seen)
{
    held_.clear();
    questions_.set_listed(resource, seen);
    seen_.insert(seen_.end(), seen.begin(), seen.end());
    std::vector<MissingEntry> missing_entries = store_.missing_entries(resource.stored_as, seen);
    if (mass_deletion_ == MassDeletion::held_back) {
        hold_unprovable(resource, missing_entries);
        hold_of_people_not_shown(resource, missing_entries);
    } else if (!missing_entries.empty() && !questions_.can_prove(resource)) {
        // A person has decided; still what lives on other days, if anything does, must be found.
        questions_.set_witnesses(resource,
                                 store_.witness_entries(resource.stored_as, std::nullopt));
    }
    std::vector<MissingEntry> dated, undated;
    for (const MissingEntry& entry : missing_entries)
        (entry.is_dated ? dated : undated).push_back(entry);
    if (std::size_t missing = dated.size() + undated.size())
        spdlog::info("{}: {} of {} are no longer shown; asking for each", resource.stored_as,
                     missing, to_text(store_.window()));
    ask_for(resource, dated, Dating::dated);
    try {
        ask_for(resource, undated, Dating::undated);
    } catch (const Unproven& e) {
        // What has no date may be asked for by its id alone. Where that cannot be, nothing says
        // that it was deleted: as it would be so in every pass, it must not fail each of them.
        spdlog::warn("{}; {} entries without a date are left unchanged", e.what(), undated.size());
    }
    if (std::size_t held = store_.hold_deletions(resource.stored_as, held_); !held_.empty())
        spdlog::warn("{}: {} that Jibble no longer shows are kept until a person decides ({} in "
                     "all); see timesheet.alerts",
                     resource.stored_as, held_.size(), held);
}

void EntryDeletions::hold_unprovable(const Resource& resource, std::vector<MissingEntry>& missing)
{
    auto held = std::stable_partition(missing.begin(), missing.end(), [&](const auto& entry) {
        return !entry.is_held && questions_.can_prove(resource);
    });
    for (auto entry = held; entry != missing.end(); ++entry)
        held_.push_back(
            {entry->id, entry->person, entry->is_held ? "person_deleted" : "nothing_listed"});
    missing.erase(held, missing.end());
}

void EntryDeletions::hold_of_people_not_shown(const Resource& resource,
                                              std::vector<MissingEntry>& missing)
{
    find_shown(missing);
    std::map<Guid, std::vector<MissingEntry>> hidden;
    for (const MissingEntry& entry : missing)
        if (entry.person && shown_.count(*entry.person) == 0)
            hidden[*entry.person].push_back(entry);
    // Somebody may delete all of a person's entries. That those of several people vanish at once,
    // and all that is left is one person's, is what a key does that lost its right to read others'.
    if (hidden.size() < 2 || store_.count_people_shown(seen_) > 1)
        return;
    std::set<Guid> held;
    bool was_asked = false;
    for (const auto& [person, entries] : hidden) {
        if (may_be_shown(resource, person, entries))
            continue;
        held.insert(person);
        was_asked = was_asked || has_dated(entries);
        const char* reason = is_person_there(person) ? "person_not_shown" : "person_deleted";
        for (const MissingEntry& entry : entries)
            held_.push_back({entry.id, entry.person, reason});
    }
    if (was_asked) // it is them that are not found, not everybody
        questions_.confirm(resource);
    missing.erase(std::remove_if(missing.begin(), missing.end(),
                                 [&](const MissingEntry& entry) {
                                     return entry.person && held.count(*entry.person) > 0;
                                 }),
                  missing.end());
}

bool EntryDeletions::may_be_shown(const Resource& resource, const Guid& person,
                                  const std::vector<MissingEntry>& missing)
{
    try {
        if (!is_found(resource, person, missing))
            return false;
        shown_.insert(person);
    } catch (const Unproven&) {
        // What has no date stays as it is where no question is answered; see check().
        if (has_dated(missing))
            throw;
    }
    return true;
}

void EntryDeletions::find_shown(const std::vector<MissingEntry>& missing)
{
    std::set<Guid> people;
    for (const MissingEntry& entry : missing)
        if (entry.person && shown_.count(*entry.person) == 0)
            people.insert(*entry.person);
    if (people.empty())
        return;
    std::vector<Guid> found = store_.people_shown(seen_, {people.begin(), people.end()});
    shown_.insert(found.begin(), found.end());
}

bool EntryDeletions::is_found(const Resource& resource, const Guid& person,
                              const std::vector<MissingEntry>& missing)
{
    // Whoever has hour entries mostly has many more time entries, which were read before.
    for (const Resource& of : entry_resources(store_.window())) {
        bool is_same = std::string_view(of.stored_as) == resource.stored_as;
        try {
            if (questions_.can_prove(of))
                for (const Guid& id : store_.witness_entries(of.stored_as, person))
                    if (questions_.find(of, id))
                        return true;
        } catch (const Unproven&) { // the other ones are asked about by themselves
            if (is_same)
                throw;
        }
        if (is_same)
            break;
    }
    std::size_t asked = 0;
    for (const MissingEntry& entry : missing) {
        if (!entry.is_dated)
            continue;
        if (asked++ == max_missing_asked_for)
            break;
        if (std::optional<Page> page = questions_.find(resource, entry.id)) {
            store_found(resource, *page);
            return true;
        }
    }
    return false;
}

void EntryDeletions::ask_for(const Resource& resource, const std::vector<MissingEntry>& missing,
                             Dating dating)
{
    if (missing.empty())
        return;
    bool can_prove = questions_.can_prove(resource);
    for (std::size_t begin = 0; begin < missing.size(); begin += questions_at_once) {
        std::vector<MissingEntry> deleted;
        std::size_t end = std::min(missing.size(), begin + questions_at_once);
        for (std::size_t i = begin; i < end; ++i) {
            std::optional<Page> page = can_prove ? questions_.find(resource, missing[i].id, dating)
                                                 : questions_.find_by_any(resource, missing[i].id);
            if (page)
                store_found(resource, *page);
            else
                deleted.push_back(missing[i]);
        }
        if (deleted.empty())
            continue;
        if (can_prove)
            questions_.confirm(resource, dating);
        if (mass_deletion_ == MassDeletion::held_back)
            hold_of_deleted_people(deleted);
        delete_entries(resource, deleted);
    }
}

void EntryDeletions::hold_of_deleted_people(std::vector<MissingEntry>& deleted)
{
    auto there =
        std::stable_partition(deleted.begin(), deleted.end(), [&](const MissingEntry& entry) {
            return !entry.person || is_person_there(*entry.person);
        });
    for (auto entry = there; entry != deleted.end(); ++entry)
        held_.push_back({entry->id, entry->person, "person_deleted"});
    deleted.erase(there, deleted.end());
}

// Asked now, not taken from the list: the person may have been deleted a moment ago. The list
// counts only where no question can find anybody.
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

void EntryDeletions::store_found(const Resource& resource, const Page& page)
{
    store_.store_page(resource.stored_as, page);
}

void EntryDeletions::delete_entries(const Resource& resource,
                                    const std::vector<MissingEntry>& deleted)
{
    std::vector<Guid> ids;
    for (const MissingEntry& entry : deleted)
        ids.push_back(entry.id);
    if (!ids.empty())
        store_.store_tombstones(resource.stored_as, ids);
}

} // namespace timesheetd
