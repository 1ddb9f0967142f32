#include "api/collection.hpp"

#include "api/page_envelope.hpp"
#include "values/random.hpp"

#include <algorithm>
#include <numeric>

namespace fake
{

namespace
{

constexpr std::size_t cached_lists = 8;

} // namespace

Collection::Collection(const Schema& schema, std::vector<RawObject> objects) : schema_(schema)
{
    for (RawObject& object : objects) {
        raw_.emplace(static_cast<Row>(gone_.size()), std::move(object));
        gone_.push_back(false);
    }
}

Collection::Collection(const Schema& schema, std::unique_ptr<CompactRows> rows)
    : schema_(schema), compact_(std::move(rows)),
      compact_count_(static_cast<Row>(compact_->size())), gone_(compact_count_)
{
}

const RawObject* Collection::raw(Row row) const
{
    auto found = raw_.find(row);
    return found == raw_.end() ? nullptr : &found->second;
}

Value Collection::value(Row row, int property) const
{
    // The common case first: hardly any compact row has been changed.
    const RawObject* object = row < compact_count_ && raw_.empty() ? nullptr : raw(row);
    return object ? object->value(schema_.properties[static_cast<std::size_t>(property)])
                  : compact_->value(row, property);
}

// A stable order that helps no client, so that clients which rely on one are caught.
std::uint64_t Collection::scrambled(Row row) const
{
    const RawObject* object = raw(row);
    if (!object) {
        Guid id = compact_->id(row);
        return mix(id.high ^ mix(id.low));
    }
    return object->id() ? mix(object->id()->high ^ mix(object->id()->low)) : mix(row);
}

std::optional<Collection::Row> Collection::row_of(const Guid& id) const
{
    for (const auto& [row, object] : raw_)
        if (!gone_[row] && object.id() == id)
            return row;
    if (compact_count_ == 0)
        return std::nullopt;
    std::lock_guard lock(cache_mutex_);
    if (by_id_.empty()) {
        by_id_.resize(compact_count_);
        std::iota(by_id_.begin(), by_id_.end(), 0);
        std::sort(by_id_.begin(), by_id_.end(),
                  [&](Row a, Row b) { return compact_->id(a) < compact_->id(b); });
    }
    auto found =
        std::lower_bound(by_id_.begin(), by_id_.end(), id,
                         [&](Row row, const Guid& wanted) { return compact_->id(row) < wanted; });
    if (found == by_id_.end() || compact_->id(*found) != id || gone_[*found] || raw(*found))
        return std::nullopt;
    return *found;
}

std::vector<Collection::Row> Collection::matching_rows(const Filter& filter) const
{
    std::vector<Row> rows;
    auto consider = [&](Row row) {
        if (!gone_[row] && filter.matches([&](int property) { return value(row, property); }))
            rows.push_back(row);
    };
    DateRange dates = filter.dates(schema_);
    if (compact_ && !dates.is_everything()) {
        for (Row row : compact_->rows_between(dates.first, dates.last))
            if (!raw(row))
                consider(row);
        for (const auto& [row, object] : raw_)
            consider(row);
    } else {
        for (Row row = 0; row < gone_.size(); ++row)
            consider(row);
    }
    return rows;
}

void Collection::sort(std::vector<Row>& rows, const Query& query) const
{
    // Keys are read once per row: reading one is dearer than comparing two.
    std::size_t width = query.order.size();
    std::vector<Value> keys;
    keys.reserve(rows.size() * width);
    struct Place {
        std::uint64_t scrambled;
        std::size_t key;
        Row row;
    };
    std::vector<Place> places;
    places.reserve(rows.size());
    for (Row row : rows) {
        places.push_back({scrambled(row), keys.size(), row});
        for (const Query::Order& order : query.order)
            keys.push_back(value(row, order.property));
    }
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
        for (std::size_t i = 0; i < width; ++i)
            if (int order = compare(keys[a.key + i], keys[b.key + i]))
                return query.order[i].descending ? order > 0 : order < 0;
        return a.scrambled != b.scrambled ? a.scrambled < b.scrambled : a.row < b.row;
    });
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = places[i].row;
}

Collection::List Collection::list(const Query& query) const
{
    {
        std::lock_guard lock(cache_mutex_);
        for (auto entry = cache_.begin(); entry != cache_.end(); ++entry)
            if (entry->first == query.list_key) {
                auto found = std::move(*entry);
                cache_.erase(entry);
                cache_.push_front(found);
                return found.second;
            }
    }
    auto rows = std::make_shared<std::vector<Row>>(matching_rows(query.filter));
    sort(*rows, query);
    std::lock_guard lock(cache_mutex_);
    cache_.emplace_front(query.list_key, rows);
    if (cache_.size() > cached_lists)
        cache_.pop_back();
    return rows;
}

void Collection::append_object(std::string& out, Row row, const Query& query) const
{
    if (const RawObject* object = raw(row)) {
        if (query.everything)
            out += object->text();
        else
            object->append_selected(out, schema_, query.selected);
        return;
    }
    char separator = '{';
    for (int property : query.selected) {
        out += separator;
        out += '"';
        out += schema_.properties[static_cast<std::size_t>(property)].name;
        out += "\":";
        compact_->append_value(out, row, property);
        separator = ',';
    }
    out += '}';
}

std::string Collection::page(const Query& query) const
{
    List rows = query.finds_nothing ? std::make_shared<const std::vector<Row>>() : list(query);
    return page_envelope(
        schema_, query, rows->size(), query.everything ? 1700 : 60 * query.selected.size(),
        [&](std::string& out, std::size_t i) { append_object(out, (*rows)[i], query); });
}

std::vector<Guid> Collection::ids(const Filter& filter) const
{
    std::vector<Guid> ids;
    int property = schema_.find("id");
    for (Row row : matching_rows(filter))
        if (Value id = value(row, property); id.state == Value::State::present)
            ids.push_back(id.guid);
    return ids;
}

std::optional<std::string> Collection::find(const Guid& id) const
{
    std::optional<Row> row = row_of(id);
    if (!row)
        return std::nullopt;
    std::string text;
    append_object(text, *row, parse_query(schema_, {}, 1));
    return text;
}

bool Collection::put(RawObject object)
{
    std::optional<Row> row = object.id() ? row_of(*object.id()) : std::nullopt;
    raw_.insert_or_assign(row.value_or(static_cast<Row>(gone_.size())), std::move(object));
    if (!row)
        gone_.push_back(false);
    changed();
    return row.has_value();
}

bool Collection::patch(const Guid& id, const std::vector<JsonMember>& changes)
{
    std::optional<Row> row = row_of(id);
    if (!row)
        return false;
    raw_.insert_or_assign(*row, RawObject(*find(id)).with(changes));
    changed();
    return true;
}

bool Collection::remove(const Guid& id)
{
    std::optional<Row> row = row_of(id);
    if (!row)
        return false;
    gone_[*row] = true;
    raw_.erase(*row);
    changed();
    return true;
}

std::size_t Collection::remove_all(const std::string& property, const Guid& wanted)
{
    std::size_t removed = 0;
    int index = schema_.find(property);
    for (Row row = 0; index >= 0 && row < gone_.size(); ++row) {
        if (gone_[row])
            continue;
        Value found = value(row, index);
        if (found.state != Value::State::present || found.guid != wanted)
            continue;
        gone_[row] = true;
        raw_.erase(row);
        ++removed;
    }
    changed();
    return removed;
}

void Collection::changed()
{
    std::lock_guard lock(cache_mutex_);
    cache_.clear();
}

} // namespace fake
