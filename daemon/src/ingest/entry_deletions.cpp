#include "ingest/entry_deletions.hpp"
#include "process/log.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace timesheetd
{

namespace
{

// Between two proofs.
constexpr std::size_t questions_at_once = 100;
// Of a person whose other entries are not found: it may be the date alone that changed.
constexpr std::size_t max_missing_asked_for = 2;

bool has_dated(const std::vector<MissingEntry>& entries)
{
    return std::any_of(entries.begin(), entries.end(),
                       [](const MissingEntry& entry) { return entry.is_dated; });
}

bool has_undecided(const std::vector<MissingEntry>& entries)
{
    return std::any_of(entries.begin(), entries.end(),
                       [](const MissingEntry& entry) { return !entry.is_held; });
}

} // namespace

void EntryDeletions::set_listed(const Resource& resource, const std::vector<Guid>& seen)
{
    questions_.set_listed(resource, seen);
    List list{resource, seen, store_.missing_entries(resource.stored_as, seen)};
    bool is_decided = mass_deletion_ == MassDeletion::allowed;
    if (!questions_.can_prove(resource) &&
        (is_decided ? !list.missing.empty() : has_undecided(list.missing))) {
        questions_.set_witnesses(resource,
                                 store_.witness_entries(resource.stored_as, std::nullopt));
        // Where none of other days is found either, that is no failure: what is missing is held.
        // Where a person has decided, what lives on other days, if anything does, must be found.
        if (!is_decided && !questions_.is_proven(resource))
            questions_.set_witnesses(resource, {});
    }
    lists_.push_back(std::move(list));
}

void EntryDeletions::check(const Resource& resource)
{
    held_.clear();
    std::vector<MissingEntry> missing_entries = missing_of(resource);
    if (mass_deletion_ == MassDeletion::held_back) {
        judge_people(resource);
        hold_unprovable(resource, missing_entries);
        hold_of_people_not_shown(resource, missing_entries);
    }
    std::vector<MissingEntry> dated, undated;
    for (const MissingEntry& entry : missing_entries)
        (entry.is_dated ? dated : undated).push_back(entry);
    if (std::size_t missing = dated.size() + undated.size())
        log::info("{}: {} of {} are no longer shown; asking for each", resource.stored_as, missing,
                  to_text(store_.window()));
    ask_for(resource, dated, Dating::dated);
    try {
        ask_for(resource, undated, Dating::undated);
    } catch (const Unproven& e) {
        // What has no date may be asked for by its id alone. Where that cannot be, nothing says
        // that it was deleted: as it would be so in every pass, it must not fail every pass.
        questions_.warn_once(
            resource, e,
            fmt::format("{} entries without a date are left unchanged", undated.size()));
    }
    if (std::size_t held = store_.hold_deletions(resource.stored_as, held_); !held_.empty())
        log::warn("{}: {} that Jibble no longer shows are kept until a person decides ({} in "
                  "all); see timesheet.alerts",
                  resource.stored_as, held_.size(), held);
}

const std::vector<MissingEntry>& EntryDeletions::missing_of(const Resource& resource) const
{
    return std::find_if(lists_.begin(), lists_.end(),
                        [&](const List& list) {
                            return std::string_view(list.resource.stored_as) == resource.stored_as;
                        })
        ->missing;
}

// An administrator may delete all of a person's entries. That those of several people go at once,
// and all that is left is one person's, is what a key does that lost its right to read others'. So
// does one that shows no person at all, even if entries of other days are found. A key may lose the
// right to time entries alone: that hour entries are shown proves nothing about them.
void EntryDeletions::judge_people(const Resource& resource)
{
    std::vector<Guid> seen;
    for (const List* list : lists_until(resource))
        seen.insert(seen.end(), list->seen.begin(), list->seen.end());
    std::set<Guid> vanished = people_not_shown(resource, seen);
    if (vanished.empty())
        return;
    std::set<Guid> missing;
    for (const MissingEntry& entry : missing_of(resource))
        if (entry.person && !entry.is_held && vanished.count(*entry.person) > 0)
            missing.insert(*entry.person);
    bool can_prove = questions_.can_prove(resource);
    bool is_doubtful =
        can_prove && store_.count_people_shown(seen) <= 1 && (vanished.size() > 1 || seen.empty());
    std::set<Guid> not_found;
    std::size_t found_before = found_.size();
    for (const Guid& person : missing)
        if ((is_doubtful || held_before_.count(person) > 0) && not_shown_.count(person) == 0 &&
            !(can_prove && is_found(resource, person)))
            not_found.insert(person);
    if (seen.empty() && found_.size() - found_before > 1)
        is_doubtful = false;
    for (const Guid& person : not_found)
        if (is_doubtful || held_before_.count(person) > 0)
            not_shown_.insert(person);
    confirm_asked(); // it is them that are not found, not everybody
}

std::vector<const EntryDeletions::List*> EntryDeletions::lists_until(const Resource& resource) const
{
    std::vector<const List*> lists;
    for (const List& list : lists_) {
        lists.push_back(&list);
        if (std::string_view(list.resource.stored_as) == resource.stored_as)
            break;
    }
    return lists;
}

// Of all that were read, and of those whose entries are held already on any day: the people that
// `seen` does not show, the entries of this list and those before; of the others, those not shown
// at all.
std::set<Guid> EntryDeletions::people_not_shown(const Resource& resource,
                                                const std::vector<Guid>& seen)
{
    std::set<Guid> here, others;
    std::vector<Guid> seen_by_any;
    bool is_here = true;
    for (const List& list : lists_) {
        for (const MissingEntry& entry : list.missing)
            if (entry.person)
                (is_here ? here : others).insert(*entry.person);
        seen_by_any.insert(seen_by_any.end(), list.seen.begin(), list.seen.end());
        is_here = is_here && std::string_view(list.resource.stored_as) != resource.stored_as;
    }
    if (here.empty())
        return here;
    for (const HeldPerson& person : store_.people_held()) {
        others.insert(person.id);
        if (person.is_not_shown)
            held_before_.insert(person.id);
    }
    for (const Guid& person : store_.people_shown(seen, {here.begin(), here.end()}))
        here.erase(person);
    for (const Guid& person : store_.people_shown(seen_by_any, {others.begin(), others.end()}))
        others.erase(person);
    here.insert(others.begin(), others.end());
    here.insert(not_shown_.begin(), not_shown_.end());
    for (const Guid& person : found_)
        here.erase(person);
    return here;
}

// A person with hour entries mostly has many more time entries, which were read before.
bool EntryDeletions::is_found(const Resource& resource, const Guid& person)
{
    for (const List* list : lists_until(resource)) {
        const char* name = list->resource.stored_as;
        if (!questions_.can_prove(list->resource) || unproven_.count(name) > 0)
            continue;
        std::vector<MissingEntry> missing;
        for (const MissingEntry& entry : list->missing)
            if (entry.person == person && !entry.is_held)
                missing.push_back(entry);
        try {
            if (is_found(list->resource, person, missing)) {
                found_.insert(person);
                return true;
            }
        } catch (const Unproven&) { // the other list has a question of its own
            unproven_[name] = std::current_exception();
        }
    }
    return false;
}

bool EntryDeletions::is_found(const Resource& resource, const Guid& person,
                              const std::vector<MissingEntry>& missing)
{
    for (const Guid& id : store_.witness_entries(resource.stored_as, person)) {
        asked_of_.insert(resource.stored_as);
        if (questions_.find(resource, id))
            return true;
    }
    std::size_t asked = 0;
    for (const MissingEntry& entry : missing) {
        if (asked == max_missing_asked_for)
            break;
        Dating dating = entry.is_dated ? Dating::dated : Dating::undated;
        if (dating == Dating::undated && no_undated_.count(resource.stored_as) > 0)
            continue;
        ++asked;
        try {
            if (std::optional<Page> page = questions_.find(resource, entry.id, dating)) {
                store_found(resource, *page);
                return true;
            }
        } catch (const Unproven&) {
            if (dating == Dating::dated)
                throw;
            no_undated_.insert(resource.stored_as);
        }
        if (dating == Dating::dated)
            asked_of_.insert(resource.stored_as);
    }
    return false;
}

void EntryDeletions::confirm_asked()
{
    for (const List& list : lists_)
        if (asked_of_.count(list.resource.stored_as) > 0 &&
            unproven_.count(list.resource.stored_as) == 0)
            try {
                questions_.confirm(list.resource);
            } catch (const Unproven&) {
                unproven_[list.resource.stored_as] = std::current_exception();
            }
}

void EntryDeletions::hold_unprovable(const Resource& resource, std::vector<MissingEntry>& missing)
{
    auto held = std::stable_partition(missing.begin(), missing.end(), [&](const auto& entry) {
        return !entry.is_held && questions_.can_prove(resource);
    });
    for (auto entry = held; entry != missing.end(); ++entry)
        held_.push_back({entry->id, entry->person, reason_of(*entry)});
    missing.erase(held, missing.end());
}

const char* EntryDeletions::reason_of(const MissingEntry& unprovable) const
{
    if (unprovable.is_held)
        return "person_deleted";
    const std::optional<Guid>& person = unprovable.person;
    bool was_not_shown = person && not_shown_.count(*person) > 0 && held_before_.count(*person) > 0;
    return was_not_shown ? "person_not_shown" : "nothing_listed";
}

void EntryDeletions::hold_of_people_not_shown(const Resource& resource,
                                              std::vector<MissingEntry>& missing)
{
    if (auto unproven = unproven_.find(resource.stored_as);
        unproven != unproven_.end() && has_dated(missing))
        std::rethrow_exception(unproven->second);
    auto held = std::stable_partition(missing.begin(), missing.end(), [&](const auto& entry) {
        return !entry.person || not_shown_.count(*entry.person) == 0;
    });
    for (auto entry = held; entry != missing.end(); ++entry)
        held_.push_back({entry->id, entry->person,
                         is_person_there(*entry->person) ? "person_not_shown" : "person_deleted"});
    missing.erase(held, missing.end());
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
// counts only where no question can find any person.
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
