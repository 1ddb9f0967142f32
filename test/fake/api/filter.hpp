#pragma once

#include "api/api_error.hpp"
#include "api/schema.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace fake
{

// Dates both ends included; every date unless narrowed.
struct DateRange {
    Days first = std::numeric_limits<Days>::min();
    Days last = std::numeric_limits<Days>::max();

    bool is_everything() const
    {
        return first == std::numeric_limits<Days>::min() &&
               last == std::numeric_limits<Days>::max();
    }
};

// An OData $filter: comparisons (eq ne ge gt le lt, in) joined by and/or, with parentheses.
class Filter
{
  public:
    // Matches everything.
    Filter() = default;

    // Throws ApiError for whatever Jibble would refuse, quoted GUIDs and unknown names included.
    Filter(const Schema& schema, std::string text);

    // Whether an object matches; `value` reads one of its properties. What cannot be read matches
    // any comparison, so that broken objects reach the client.
    template <class ValueOf>
    bool matches(const ValueOf& value_of) const
    {
        return nodes_.empty() || matches(nodes_.size() - 1, value_of);
    }

    // Dates outside of which no object with a readable date can match.
    DateRange dates(const Schema& schema) const;

    // Whether all that match have one of some ids.
    bool asks_for_ids(const Schema& schema) const;

    // Whether all that match are tied to a date or a time.
    bool asks_for_dates(const Schema& schema) const;

  private:
    friend class FilterParser;
    enum class Kind : std::uint8_t {
        all,
        any,
        equal,
        unequal,
        greater_equal,
        greater,
        less_equal,
        less,
        in
    };

    struct Node {
        Kind kind;
        // all, any: indexes of nodes; children come before their parent.
        std::vector<std::size_t> children;
        int property = -1;
        std::vector<Value> literals;
    };

    template <class ValueOf>
    bool matches(std::size_t at, const ValueOf& value_of) const
    {
        const Node& node = nodes_[at];
        if (node.kind == Kind::all || node.kind == Kind::any) {
            bool all = node.kind == Kind::all;
            for (std::size_t child : node.children)
                if (matches(child, value_of) != all)
                    return !all;
            return all;
        }
        return compares(node, value_of(node.property));
    }

    // Whether every way to match goes through a comparison that `holds`.
    template <class Holds>
    bool rests_on(std::size_t at, const Holds& holds) const
    {
        const Node& node = nodes_[at];
        if (node.kind != Kind::all && node.kind != Kind::any)
            return holds(node);
        bool one_is_enough = node.kind == Kind::all;
        for (std::size_t child : node.children)
            if (rests_on(child, holds) == one_is_enough)
                return one_is_enough;
        return !one_is_enough;
    }

    static bool compares(const Node& node, const Value& value);
    DateRange dates(const Schema& schema, std::size_t at) const;

    // Quoted literals, unescaped; shared, so that views into them survive copies.
    std::vector<std::shared_ptr<std::string>> strings_;
    std::vector<Node> nodes_;
};

} // namespace fake
