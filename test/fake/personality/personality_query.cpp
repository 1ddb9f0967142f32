#include "personality/personality_query.hpp"

#include "api/api_error.hpp"

#include <algorithm>

namespace fake
{

namespace
{

using P = Personality;

[[noreturn]] void refuse(int status, const std::string& why)
{
    if (status == 500)
        throw ApiError{status, "server_error", "An unexpected error occurred."};
    throw bad_query(why);
}

const std::string& name_of(const Schema& schema, int property)
{
    return schema.properties[static_cast<std::size_t>(property)].name;
}

void check_order(P::IdOrder id_order, const Schema& schema, const Query& query)
{
    if (id_order == P::IdOrder::as_asked)
        return;
    for (const Query::Order& order : query.order)
        if (name_of(schema, order.property) == "id")
            refuse(id_order == P::IdOrder::refused_500 ? 500 : 400,
                   "The property 'id' cannot be used in the $orderby query option.");
}

void apply_to_slash_keys(P::SlashKeys slash_keys, const Schema& schema, Query& query)
{
    auto has_slash = [&](int property) {
        return name_of(schema, property).find('/') != std::string::npos;
    };
    auto& selected = query.selected;
    if (slash_keys == P::SlashKeys::honoured || query.everything ||
        std::none_of(selected.begin(), selected.end(), has_slash))
        return;
    if (slash_keys != P::SlashKeys::left_out)
        refuse(slash_keys == P::SlashKeys::refused_500 ? 500 : 400,
               "Dynamic properties cannot be used in the $select query option.");
    selected.erase(std::remove_if(selected.begin(), selected.end(), has_slash), selected.end());
}

void check_zones(P::Zones zones, const Schema& schema, const Query& query)
{
    if (zones == P::Zones::honoured || schema.host != "time-tracking" ||
        schema.resource != "People" || query.everything)
        return;
    for (int property : query.selected)
        if (name_of(schema, property) == "timeZone" ||
            name_of(schema, property) == "timeSheetTimeZone")
            refuse(400, "Could not find a property named '" + name_of(schema, property) +
                            "' on People.");
}

void apply_to_paging(const Personality& personality, const Schema& schema, Query& query)
{
    if (query.count && personality.count == P::Count::refused_400)
        refuse(400, "Query option '$count' is not allowed.");
    if (query.asked_top > 100 && personality.page_cap == P::PageCap::refused_above_100)
        refuse(400, "The limit of '100' for Top query has been exceeded.");
    if (schema.resource == "TimeEntries") {
        bool counts = personality.entries_500 == P::Entries500::with_count && query.count;
        bool is_large =
            personality.entries_500 == P::Entries500::large_pages && query.asked_top > 100;
        if (counts || is_large)
            refuse(500, "");
    }
    if (personality.count == P::Count::missing)
        query.count = false;
}

// What kind of object is shown, in lists and by id, where it is removed or archived.
P::Shown shown(const Personality& personality, const std::string& name)
{
    if (name == "People" || name == "TrackingPeople")
        return personality.removed_people;
    if (name == "Groups")
        return personality.archived_groups;
    if (name == "Activities")
        return personality.archived_activities;
    if (name == "TimeEntries" || name == "HourEntries")
        return personality.archived_entries;
    return P::Shown::listed;
}

// A filter that holds for whatever is neither removed nor archived; empty where all of it is.
std::string only_live(Store& store, const std::string& name)
{
    if (name != "TrackingPeople")
        return name == "People" ? "status ne 'Removed'" : "status ne 'Archived'";
    // They have no status of their own.
    Collection& people = *store.by_name("People");
    std::string out;
    for (const Guid& id : people.ids(Filter(people.schema(), "status eq 'Removed'")))
        out += (out.empty() ? "id ne " : " and id ne ") + to_text(id);
    return out;
}

} // namespace

void apply(const Personality& personality, const Schema& schema, Query& query)
{
    check_order(personality.id_order, schema, query);
    apply_to_slash_keys(personality.select_slash_keys, schema, query);
    check_zones(personality.people_time_zones, schema, query);
    apply_to_paging(personality, schema, query);
}

Query personal_query(const Personality& personality, Store& store, const std::string& name,
                     const Parameters& parameters, std::size_t page_cap)
{
    const Schema& schema = store.by_name(name)->schema();
    Query query = parse_query(schema, parameters, page_cap);
    apply(personality, schema, query);

    bool are_entries = name == "TimeEntries" || name == "HourEntries";
    if (are_entries && personality.entries_without_date == P::Undated::empty &&
        !query.filter.asks_for_dates(schema))
        query.finds_nothing = true;

    P::Shown kind = shown(personality, name);
    if (kind == P::Shown::listed || (kind == P::Shown::by_id && query.filter.asks_for_ids(schema)))
        return query;
    std::string narrower = only_live(store, name);
    if (narrower.empty())
        return query;
    Parameters narrowed = parameters;
    auto filter = std::find_if(narrowed.begin(), narrowed.end(),
                               [](const auto& known) { return known.first == "$filter"; });
    if (filter == narrowed.end())
        narrowed.emplace_back("$filter", narrower);
    else
        filter->second = "(" + filter->second + ") and " + narrower;
    Query live = parse_query(schema, narrowed, page_cap);
    query.filter = std::move(live.filter);
    query.list_key = std::move(live.list_key);
    return query;
}

} // namespace fake
