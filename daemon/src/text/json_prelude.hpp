// RapidJSON, wrapped once.
#pragma once

#include <stdexcept>
#include <string>

// A wrong call must fail one command with a message, not end the process.
#define RAPIDJSON_ASSERT(condition)                                                                \
    ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace timesheetd
{

// A member of an object, if it is there and a text; else "".
inline std::string text_member(const rapidjson::Value& object, const char* name)
{
    auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsString())
        return "";
    return {member->value.GetString(), member->value.GetStringLength()};
}

// Into an object that is open.
template <class Writer>
void write_text(Writer& writer, const char* name, const std::string& value)
{
    writer.Key(name);
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

} // namespace timesheetd
