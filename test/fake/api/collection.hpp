#pragma once

#include "api/compact_rows.hpp"
#include "api/query.hpp"
#include "api/raw_object.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace fake
{

// All objects of one resource. Reading is safe from several threads at once; changes need the
// caller to keep everybody else out.
class Collection
{
  public:
    Collection(const Schema& schema, std::vector<RawObject> objects);
    Collection(const Schema& schema, std::unique_ptr<CompactRows> rows);

    const Schema& schema() const { return schema_; }

    // The OData envelope of one page.
    std::string page(const Query& query) const;

    // The ids of all that match.
    std::vector<Guid> ids(const Filter& filter) const;

    // The text of an object; nothing when there is none.
    std::optional<std::string> find(const Guid& id) const;

    // Replaces the object with the same id, else adds it; true when it replaced one.
    bool put(RawObject object);

    // Overwrites members; false when there is no such object.
    bool patch(const Guid& id, const std::vector<JsonMember>& changes);

    // Makes an object vanish; false when there is none.
    bool remove(const Guid& id);

    // Makes all vanish whose property is this GUID; how many they were.
    std::size_t remove_all(const std::string& property, const Guid& wanted);

    // To be called when rows no longer read as before.
    void changed();

  private:
    using Row = std::uint32_t;
    using List = std::shared_ptr<const std::vector<Row>>;

    std::optional<Row> row_of(const Guid& id) const;
    const RawObject* raw(Row row) const;
    Value value(Row row, int property) const;
    std::uint64_t scrambled(Row row) const;
    void append_object(std::string& out, Row row, const Query& query) const;
    List list(const Query& query) const;
    std::vector<Row> matching_rows(const Filter& filter) const;
    void sort(std::vector<Row>& rows, const Query& query) const;

    const Schema& schema_;
    std::unique_ptr<CompactRows> compact_;
    Row compact_count_ = 0;
    // Objects kept as text: compact rows that were changed, and all that have no compact form.
    std::unordered_map<Row, RawObject> raw_;
    std::vector<bool> gone_;

    mutable std::mutex cache_mutex_;
    // The latest lists, newest first: a client that pages asks for the same one again and again.
    mutable std::deque<std::pair<std::string, List>> cache_;
    // Compact rows sorted by id, made when first needed.
    mutable std::vector<Row> by_id_;
};

} // namespace fake
