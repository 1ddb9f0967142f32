#include "api/raw_object.hpp"

#include <stdexcept>

namespace fake
{

RawObject::RawObject(std::string text) : text_(std::make_shared<const std::string>(std::move(text)))
{
    std::string error;
    auto members = scan_json_object(*text_, error);
    if (!members)
        throw std::runtime_error("not a JSON object: " + error);
    for (JsonMember& member : *members) {
        std::string decoded = decode_json_string(member.raw_value).value_or("");
        members_.push_back({std::move(member), std::move(decoded)});
    }
    Guid guid;
    const Member* id = find("id");
    if (id && parse_guid(id->decoded, guid))
        id_ = guid;
}

const RawObject::Member* RawObject::find(std::string_view name) const
{
    for (const Member& member : members_)
        if (member.json.name == name)
            return &member;
    return nullptr;
}

Value RawObject::value(const Property& property) const
{
    const Member* member = find(property.name);
    if (!member)
        return Value();
    std::string_view raw = member->json.raw_value;
    if (raw == "null")
        return property.nullable ? Value::none(property.type) : Value();
    bool is_text = raw.front() == '"';
    Guid guid;
    Days date;
    Micros instant;
    std::int64_t length;
    switch (property.type) {
    case Type::guid:
        return is_text && parse_guid(member->decoded, guid) ? Value::of_guid(guid) : Value();
    case Type::date:
        return is_text && parse_date(member->decoded, date) ? Value::of_integer(Type::date, date)
                                                            : Value();
    case Type::instant:
        return is_text && parse_instant(member->decoded, instant)
                   ? Value::of_integer(Type::instant, instant)
                   : Value();
    case Type::text:
        return is_text ? Value::of_text(member->decoded) : Value();
    case Type::boolean:
        return raw == "true" || raw == "false" ? Value::of_integer(Type::boolean, raw == "true")
                                               : Value();
    case Type::number:
        if (auto number = decode_json_number(raw))
            return Value::of_number(*number);
        return Value();
    case Type::duration:
        return is_text && parse_duration(member->decoded, length)
                   ? Value::of_integer(Type::duration, length)
                   : Value();
    case Type::complex:
        break;
    }
    return Value();
}

void RawObject::append_selected(std::string& out, const Schema& schema,
                                const std::vector<int>& selected) const
{
    char separator = '{';
    for (int property : selected)
        if (const Member* member =
                find(schema.properties[static_cast<std::size_t>(property)].name)) {
            out += separator;
            out += member->json.raw_name;
            out += ':';
            out += member->json.raw_value;
            separator = ',';
        }
    out += separator == '{' ? "{}" : "}";
}

RawObject RawObject::with(const std::vector<JsonMember>& changes) const
{
    std::string out;
    auto append = [&](const JsonMember& name, const JsonMember& value) {
        out += out.empty() ? '{' : ',';
        out += name.raw_name;
        out += ':';
        out += value.raw_value;
    };
    for (const Member& member : members_) {
        const JsonMember* value = &member.json;
        for (const JsonMember& change : changes)
            if (change.name == member.json.name)
                value = &change;
        append(member.json, *value);
    }
    for (const JsonMember& change : changes)
        if (!find(change.name))
            append(change, change);
    out += out.empty() ? "{}" : "}";
    return RawObject(std::move(out));
}

} // namespace fake
