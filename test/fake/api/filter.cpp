#include "api/filter.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace fake
{

namespace
{

constexpr int deepest = 32;

const char* type_name(Type type)
{
    static const char* const names[] = {"Edm.Guid",     "Edm.Date",       "Edm.DateTimeOffset",
                                        "Edm.String",   "Edm.Boolean",    "Edm.Double",
                                        "Edm.Duration", "Edm.ComplexType"};
    return names[static_cast<int>(type)];
}

} // namespace

class FilterParser
{
  public:
    FilterParser(Filter& filter, const Schema& schema, std::string text)
        : filter_(filter), schema_(schema), text_(std::move(text))
    {
    }

    void parse()
    {
        parse_any(0);
        blank();
        if (at_ != text_.size())
            fail("Syntax error");
    }

  private:
    using Kind = Filter::Kind;

    [[noreturn]] void fail(const std::string& what) const
    {
        throw bad_query(what + " at position " + std::to_string(at_) + " in '" + text_ + "'.");
    }

    void blank()
    {
        while (at_ < text_.size() && text_[at_] == ' ')
            ++at_;
    }

    bool take(char c)
    {
        blank();
        if (at_ >= text_.size() || text_[at_] != c)
            return false;
        ++at_;
        return true;
    }

    // A run of characters that may be in names and bare literals.
    std::string_view peek_word()
    {
        blank();
        std::size_t end = at_;
        while (end < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[end])) ||
                std::string_view("_/-:.+").find(text_[end]) != std::string_view::npos))
            ++end;
        return std::string_view(text_).substr(at_, end - at_);
    }

    std::string_view word()
    {
        std::string_view found = peek_word();
        if (found.empty())
            fail("Syntax error");
        at_ += found.size();
        return found;
    }

    std::size_t add(Filter::Node node)
    {
        filter_.nodes_.push_back(std::move(node));
        return filter_.nodes_.size() - 1;
    }

    std::size_t parse_list(Kind kind, const char* joiner, int depth)
    {
        std::vector<std::size_t> children{kind == Kind::any ? parse_all(depth) : parse_one(depth)};
        while (peek_word() == joiner) {
            word();
            children.push_back(kind == Kind::any ? parse_all(depth) : parse_one(depth));
        }
        return children.size() == 1 ? children[0] : add({kind, std::move(children), -1, {}});
    }

    std::size_t parse_any(int depth) { return parse_list(Kind::any, "or", depth); }
    std::size_t parse_all(int depth) { return parse_list(Kind::all, "and", depth); }

    std::size_t parse_one(int depth)
    {
        if (depth > deepest)
            fail("The filter is nested too deeply");
        if (!take('('))
            return parse_comparison();
        std::size_t inner = parse_any(depth + 1);
        if (!take(')'))
            fail("Expected ')'");
        return inner;
    }

    std::size_t parse_comparison()
    {
        std::string name(word());
        int property = schema_.find(name);
        if (property < 0)
            fail("Could not find a property named '" + name + "' on " + schema_.resource);
        const Property& definition = schema_.properties[static_cast<std::size_t>(property)];
        if (definition.type == Type::complex || definition.type == Type::duration)
            fail("'" + name + "' cannot be filtered");
        std::string_view op = word();
        if (op == "in") {
            Filter::Node node{Kind::in, {}, property, {}};
            if (!take('('))
                fail("Expected '('");
            do
                node.literals.push_back(literal(definition));
            while (take(','));
            if (!take(')'))
                fail("Expected ')'");
            return add(std::move(node));
        }
        static const std::pair<std::string_view, Kind> kinds[] = {
            {"eq", Kind::equal},   {"ne", Kind::unequal},    {"ge", Kind::greater_equal},
            {"gt", Kind::greater}, {"le", Kind::less_equal}, {"lt", Kind::less}};
        for (auto [text, kind] : kinds)
            if (op == text)
                return add({kind, {}, property, {literal(definition)}});
        fail("Unknown operator '" + std::string(op) + "'");
    }

    Value literal(const Property& property)
    {
        Value value = take('\'') ? quoted() : bare(property);
        if (value.state == Value::State::present && value.type != property.type)
            fail("A binary operator with incompatible types was detected: '" + property.name +
                 "' is " + type_name(property.type) + ", the operand is " + type_name(value.type));
        return value;
    }

    Value quoted()
    {
        auto text = std::make_shared<std::string>();
        for (;; ++at_) {
            if (at_ >= text_.size())
                fail("Unterminated string literal");
            if (text_[at_] == '\'') {
                if (text_.compare(at_, 2, "''") != 0)
                    break;
                ++at_;
            }
            *text += text_[at_];
        }
        ++at_;
        filter_.strings_.push_back(text);
        return Value::of_text(*text);
    }

    Value bare(const Property& property)
    {
        std::string_view text = word();
        Guid guid;
        Days date;
        Micros instant;
        double number;
        if (text == "null")
            return Value::none(property.type);
        if (text == "true" || text == "false")
            return Value::of_integer(Type::boolean, text == "true");
        if (parse_guid(text, guid))
            return Value::of_guid(guid);
        if (parse_date(text, date))
            return Value::of_integer(Type::date, date);
        if (parse_instant(text, instant))
            return Value::of_integer(Type::instant, instant);
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size())
            return Value::of_number(number);
        fail("Unrecognized literal '" + std::string(text) + "'");
    }

    Filter& filter_;
    const Schema& schema_;
    std::string text_;
    std::size_t at_ = 0;
};

Filter::Filter(const Schema& schema, std::string text)
{
    FilterParser(*this, schema, std::move(text)).parse();
}

bool Filter::compares(const Node& node, const Value& value)
{
    if (value.state == Value::State::unreadable)
        return true;
    auto equals = [&](const Value& literal) { return compare(value, literal) == 0; };
    switch (node.kind) {
    case Kind::in:
        return std::any_of(node.literals.begin(), node.literals.end(), equals);
    case Kind::equal:
        return equals(node.literals[0]);
    case Kind::unequal:
        return !equals(node.literals[0]);
    default:
        break;
    }
    // As in OData, nothing is greater or less than null.
    if (value.state == Value::State::null || node.literals[0].state == Value::State::null)
        return false;
    int order = compare(value, node.literals[0]);
    switch (node.kind) {
    case Kind::greater_equal:
        return order >= 0;
    case Kind::greater:
        return order > 0;
    case Kind::less_equal:
        return order <= 0;
    default:
        return order < 0;
    }
}

bool Filter::asks_for_ids(const Schema& schema) const
{
    int id = schema.find("id");
    return !nodes_.empty() && rests_on(nodes_.size() - 1, [&](const Node& node) {
        return node.property == id && (node.kind == Kind::equal || node.kind == Kind::in);
    });
}

bool Filter::asks_for_dates(const Schema& schema) const
{
    return !nodes_.empty() && rests_on(nodes_.size() - 1, [&](const Node& node) {
        const std::string& name = schema.properties[static_cast<std::size_t>(node.property)].name;
        return node.kind != Kind::unequal &&
               (name == "belongsToDate" || name == "date" || name == "time");
    });
}

DateRange Filter::dates(const Schema& schema) const
{
    return nodes_.empty() ? DateRange() : dates(schema, nodes_.size() - 1);
}

DateRange Filter::dates(const Schema& schema, std::size_t at) const
{
    const Node& node = nodes_[at];
    DateRange range;
    if (node.kind == Kind::all || node.kind == Kind::any) {
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            DateRange child = dates(schema, node.children[i]);
            if (node.kind == Kind::all) {
                range.first = std::max(range.first, child.first);
                range.last = std::min(range.last, child.last);
            } else {
                range.first = i == 0 ? child.first : std::min(range.first, child.first);
                range.last = i == 0 ? child.last : std::max(range.last, child.last);
            }
        }
        return range;
    }
    const std::string& name = schema.properties[static_cast<std::size_t>(node.property)].name;
    bool is_time = name == "time";
    if ((!is_time && name != "belongsToDate") || node.kind == Kind::unequal)
        return range;
    // A local date is never more than a day away from the UTC one.
    Days slack = is_time ? 2 : 0;
    for (std::size_t i = 0; i < node.literals.size(); ++i) {
        const Value& literal = node.literals[i];
        if (literal.state != Value::State::present)
            return DateRange();
        Days date = is_time ? date_of(literal.integer) : static_cast<Days>(literal.integer);
        bool bounds_first = node.kind != Kind::less && node.kind != Kind::less_equal;
        bool bounds_last = node.kind != Kind::greater && node.kind != Kind::greater_equal;
        if (bounds_first)
            range.first = i == 0 ? date - slack : std::min(range.first, date - slack);
        if (bounds_last)
            range.last = i == 0 ? date + slack : std::max(range.last, date + slack);
    }
    return range;
}

} // namespace fake
