#include "admin/faults.hpp"

#include "values/json_text.hpp"
#include "values/json_writer.hpp"

#include <stdexcept>

namespace fake
{

namespace
{

constexpr double max_delay = 600;

std::string text_of(const JsonMember& member)
{
    auto text = decode_json_string(member.raw_value);
    if (!text)
        throw std::runtime_error(member.name + " must be a string");
    return *text;
}

long long count_of(const JsonMember& member)
{
    auto number = decode_json_integer(member.raw_value);
    if (!number || *number < 0)
        throw std::runtime_error(member.name + " must be a whole number, at least 0");
    return *number;
}

Fault::Action action_of(const std::string& name)
{
    using Action = Fault::Action;
    static const std::pair<const char*, Action> actions[] = {
        {"status", Action::status},     {"close", Action::close},     {"cut", Action::cut},
        {"truncate", Action::truncate}, {"malform", Action::malform}, {"slow", Action::slow},
        {"body", Action::body}};
    for (const auto& [known, action] : actions)
        if (name == known)
            return action;
    throw std::runtime_error("unknown action: " + name);
}

void read_member(Fault& fault, const JsonMember& member)
{
    if (member.name == "path_contains") {
        fault.path_contains = text_of(member);
    } else if (member.name == "skip") {
        fault.skip = count_of(member);
    } else if (member.name == "times") {
        fault.times = count_of(member);
    } else if (member.name == "action") {
        fault.action = action_of(text_of(member));
    } else if (member.name == "status") {
        fault.status = static_cast<int>(count_of(member));
        if (fault.status < 200 || fault.status > 599)
            throw std::runtime_error("status must be between 200 and 599");
    } else if (member.name == "headers") {
        std::string error;
        auto headers = scan_json_object(member.raw_value, error);
        if (!headers)
            throw std::runtime_error("headers must be an object: " + error);
        for (const JsonMember& header : *headers)
            fault.headers.emplace_back(header.name, text_of(header));
    } else if (member.name == "body") {
        fault.body = text_of(member);
    } else if (member.name == "seconds") {
        auto delay = decode_json_number(member.raw_value);
        if (!delay || !(*delay >= 0 && *delay <= max_delay))
            throw std::runtime_error("seconds must be a number between 0 and 600");
        fault.seconds = *delay;
    } else {
        throw std::runtime_error("unknown member: " + member.name);
    }
}

} // namespace

Fault parse_fault(std::string_view json)
{
    std::string error;
    auto members = scan_json_object(json, error);
    if (!members)
        throw std::runtime_error("not a JSON object: " + error);
    Fault fault;
    bool has_action = false;
    for (const JsonMember& member : *members) {
        read_member(fault, member);
        has_action = has_action || member.name == "action";
    }
    if (!has_action)
        throw std::runtime_error("action is missing");
    if (fault.action == Fault::Action::body && !fault.body)
        throw std::runtime_error("body is missing");
    return fault;
}

void Faults::add(Fault fault)
{
    std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
}

void Faults::clear()
{
    std::lock_guard lock(mutex_);
    faults_.clear();
}

std::optional<Fault> Faults::take(const std::string& target)
{
    std::lock_guard lock(mutex_);
    for (Fault& fault : faults_) {
        if (fault.times == 0 || target.find(fault.path_contains) == std::string::npos)
            continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        --fault.times;
        return fault;
    }
    return std::nullopt;
}

std::string Faults::json() const
{
    std::lock_guard lock(mutex_);
    std::string out = "[";
    for (const Fault& fault : faults_) {
        if (fault.times == 0)
            continue;
        JsonObject object;
        object.text("path_contains", fault.path_contains);
        object.number("skip", fault.skip);
        object.number("times", fault.times);
        out += out.size() == 1 ? "" : ",";
        out += object.finish();
    }
    return out + "]";
}

} // namespace fake
