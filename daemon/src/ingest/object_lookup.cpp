#include "ingest/object_lookup.hpp"
#include "process/log.hpp"

#include <algorithm>

namespace timesheetd
{

namespace
{

// Of one resource in one pass: at three requests a second half a minute.
constexpr std::size_t max_questions = 100;

std::vector<std::string> looked_up()
{
    return {"Groups", "People", "Activities"};
}

} // namespace

Resource ObjectLookup::list_of(const std::string& stored_as) const
{
    if (auto list = lists_.find(stored_as); list != lists_.end())
        return list->second;
    for (const Resource& resource : dimension_resources())
        if (resource.stored_as == stored_as)
            return resource;
    throw Failure(
        fmt::format("there is no list of {}; report it with timesheetd's version", stored_as));
}

bool is_looked_up(const Resource& resource)
{
    std::vector<std::string> all = looked_up();
    return std::find(all.begin(), all.end(), resource.stored_as) != all.end();
}

void ObjectLookup::check(RunStore& store, const Resource& resource, const std::vector<Guid>& seen,
                         MassDeletion mass_deletion)
{
    lists_.insert_or_assign(resource.stored_as, resource);
    std::vector<MissingObject> missing = store.missing_objects(resource.stored_as, seen);
    std::vector<HeldDeletion> held;
    std::vector<Guid> vanished, unknown;
    for (const MissingObject& object : missing) {
        if (!object.is_described)
            unknown.push_back(object.id);
        else if (mass_deletion == MassDeletion::held_back && !questions_.can_prove(resource))
            held.push_back({object.id, std::nullopt, "nothing_listed"});
        else
            vanished.push_back(object.id);
    }
    if (!held.empty())
        log::warn("{}: the list is empty, though {} are known; they are kept until a person "
                  "decides; see timesheet.alerts",
                  resource.stored_as, held.size());
    store.hold_deletions(resource.stored_as, held);
    name(store, resource, bounded(resource, std::move(unknown), mass_deletion));
    mark_deleted(store, resource, bounded(resource, std::move(vanished), mass_deletion));
}

void ObjectLookup::look_up_unknown(RunStore& store)
{
    for (const std::string& stored_as : looked_up()) {
        Resource resource = list_of(stored_as);
        std::vector<Guid> ids;
        for (const UnknownObject& object : store.unknown_objects())
            if (object.resource == stored_as)
                ids.push_back(object.id);
        name(store, resource, bounded(resource, std::move(ids), MassDeletion::held_back));
    }
}

bool ObjectLookup::is_anything_unknown(const std::vector<UnknownObject>& unknown) const
{
    return std::any_of(unknown.begin(), unknown.end(), [&](const UnknownObject& object) {
        return asked_.count({object.resource, object.id}) == 0 &&
               questions_left(object.resource) > 0;
    });
}

std::size_t ObjectLookup::questions_left(const std::string& resource) const
{
    auto asked = std::count_if(asked_.begin(), asked_.end(),
                               [&](const auto& one) { return one.first == resource; });
    return max_questions - std::min(max_questions, static_cast<std::size_t>(asked));
}

std::vector<Guid> ObjectLookup::bounded(const Resource& resource, std::vector<Guid> ids,
                                        MassDeletion mass_deletion) const
{
    ids.erase(std::remove_if(ids.begin(), ids.end(),
                             [&](const Guid& id) {
                                 return asked_.count({resource.stored_as, id}) > 0;
                             }),
              ids.end());
    std::size_t left = questions_left(resource.stored_as);
    if (mass_deletion == MassDeletion::allowed || ids.size() <= left)
        return ids;
    log::info("{}: {} are in no list; asking for {} of them, for the others in the next pass",
              resource.stored_as, ids.size(), left);
    ids.resize(left);
    return ids;
}

// Only a name is at stake: where the answers cannot be proven, the next pass asks again.
void ObjectLookup::name(RunStore& store, const Resource& resource, const std::vector<Guid>& ids)
{
    if (ids.empty())
        return;
    try {
        ask_for(store, resource, ids,
                questions_.can_prove(resource) ? Answer::proven : Answer::if_found);
    } catch (const QuestionsRefused& e) {
        questions_.warn_once(resource, e, fmt::format("{} remain without a name", ids.size()));
    } catch (const Unproven& e) {
        log::warn("{}; {} remain without a name", e.what(), ids.size());
    }
}

// A refusal would be one in every pass: it keeps nothing else from being read.
void ObjectLookup::mark_deleted(RunStore& store, const Resource& resource,
                                const std::vector<Guid>& ids)
{
    if (ids.empty())
        return;
    try {
        ask_for(store, resource, ids,
                questions_.can_prove(resource) ? Answer::proven : Answer::unproven);
    } catch (const QuestionsRefused& e) {
        questions_.warn_once(
            resource, e,
            fmt::format("{} that its list no longer shows are left unchanged", ids.size()));
    }
}

void ObjectLookup::ask_for(RunStore& store, const Resource& resource, const std::vector<Guid>& ids,
                           Answer answer)
{
    for (const Guid& id : ids) // also those that cannot be asked for
        asked_.insert({resource.stored_as, id});
    std::vector<Guid> deleted;
    for (const Guid& id : ids) {
        std::optional<Page> page = answer == Answer::proven ? questions_.find(resource, id)
                                                            : questions_.find_by_any(resource, id);
        if (page)
            store_found(store, resource, id, *page);
        else
            deleted.push_back(id);
    }
    if (deleted.empty() || answer == Answer::if_found)
        return;
    if (answer == Answer::proven)
        questions_.confirm(resource);
    log::info("{}: {} can no longer be found", resource.stored_as, deleted.size());
    store.store_tombstones(resource.stored_as, deleted);
}

// A person's zones are with the time tracking, which may not list them either.
void ObjectLookup::store_found(RunStore& store, const Resource& resource, const Guid& id,
                               const Page& page)
{
    store.store_page(resource.stored_as, page);
    if (std::string(resource.stored_as) != "People")
        return;
    Resource tracked = list_of("TimeTrackingPeople");
    if (!questions_.can_prove(tracked) || questions_.was_listed(tracked, id))
        return; // it names no zones at all, or has named this one
    try {
        if (std::optional<Page> zones = questions_.find_by_any(tracked, id))
            store.store_page(tracked.stored_as, *zones);
    } catch (const QuestionsRefused& e) {
        questions_.warn_once(tracked, e,
                             "the zones of people whom it does not list remain unknown");
    }
}

} // namespace timesheetd
