#include "admin/admin.hpp"

#include "values/json_writer.hpp"

#include <stdexcept>

namespace fake
{

namespace
{

struct NotFound : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void answer(httplib::Response& response, int status, std::string body)
{
    response.status = status;
    response.body = std::move(body);
    response.set_header("Content-Type", "application/json");
}

void answer_error(httplib::Response& response, int status, const std::string& message)
{
    JsonObject object;
    object.text("error", message);
    answer(response, status, object.finish());
}

std::vector<JsonMember> object_members(const std::string& body)
{
    std::string error;
    auto members = scan_json_object(body, error);
    if (!members)
        throw std::runtime_error("not a JSON object: " + error);
    return *members;
}

Collection& collection(AdminTargets& targets, const std::string& name)
{
    Collection* found = targets.store.by_name(name);
    if (!found)
        throw std::runtime_error("unknown resource: " + name);
    return *found;
}

Guid parse_id(const std::string& text)
{
    Guid id;
    if (!parse_guid(text, id))
        throw std::runtime_error("not a GUID: " + text);
    return id;
}

void require(bool found, const httplib::Request& request)
{
    if (!found)
        throw NotFound("no object at " + request.path);
}

std::string night_groups(const Organisation& organisation)
{
    std::string out = "[";
    for (const Group& group : organisation.groups)
        if (group.night)
            out += (out.size() == 1 ? "\"" : ",\"") + to_text(group.id) + '"';
    return out + "]";
}

void add_insertion(AdminTargets& targets, const std::string& body)
{
    std::string resource;
    long long after = 0;
    std::optional<RawObject> object;
    for (const JsonMember& member : object_members(body)) {
        if (member.name == "resource") {
            resource = decode_json_string(member.raw_value).value_or("");
        } else if (member.name == "after_requests") {
            auto count = decode_json_integer(member.raw_value);
            if (!count || *count < 0)
                throw std::runtime_error("after_requests must be a whole number, at least 0");
            after = *count;
        } else if (member.name == "object") {
            object.emplace(std::string(member.raw_value));
        } else {
            throw std::runtime_error("unknown member: " + member.name);
        }
    }
    collection(targets, resource);
    if (!object)
        throw std::runtime_error("object is missing");
    targets.insertions.add(std::move(resource), after, std::move(*object));
}

Days parse_day(const std::string& text)
{
    Days date;
    if (!parse_date(text, date))
        throw std::runtime_error("not a date like 2026-11-16: " + text);
    return date;
}

// {"payrollHours":"PT7H30M","paidBreak":"PT15M"}
DayOverride parse_day_override(const std::string& body)
{
    DayOverride day;
    for (const JsonMember& member : object_members(body)) {
        std::optional<Micros>* figure = day.figure(member.name);
        if (!figure)
            throw std::runtime_error("unknown member: " + member.name);
        std::int64_t length;
        auto text = decode_json_string(member.raw_value);
        if (!text || !parse_duration(*text, length) || length < 0)
            throw std::runtime_error(member.name +
                                     " must be a duration like PT7H30M, at least PT0S");
        *figure = length * seconds;
    }
    if (!day.payroll && !day.tracked && !day.paid_break && !day.unpaid_break)
        throw std::runtime_error(
            "payrollHours, tracked, paidBreak and unpaidBreak are missing: give at least one");
    return day;
}

// Every admin handler runs inside this: its exceptions become answers.
template <class Handle>
httplib::Server::Handler guarded(Handle handle)
{
    return [handle](const httplib::Request& request, httplib::Response& response) {
        try {
            handle(request, response);
        } catch (const NotFound& error) {
            answer_error(response, 404, error.what());
        } catch (const std::runtime_error& error) {
            answer_error(response, 400, error.what());
        }
    };
}

void add_object_routes(httplib::Server& server, AdminTargets& targets)
{
    const char* all = "/_fake/objects/([A-Za-z]+)";
    const char* one = "/_fake/objects/([A-Za-z]+)/([^/]+)";
    server.Put(all, guarded([&](const httplib::Request& request, httplib::Response& response) {
                   Collection& objects = collection(targets, request.matches[1]);
                   RawObject object(request.body);
                   std::unique_lock lock(targets.store.mutex());
                   bool replaced = objects.put(std::move(object));
                   answer(response, 200, replaced ? "{\"replaced\":true}" : "{\"replaced\":false}");
               }));
    server.Get(one, guarded([&](const httplib::Request& request, httplib::Response& response) {
                   Collection& objects = collection(targets, request.matches[1]);
                   std::shared_lock lock(targets.store.mutex());
                   auto text = objects.find(parse_id(request.matches[2]));
                   require(text.has_value(), request);
                   answer(response, 200, std::move(*text));
               }));
    server.Patch(one, guarded([&](const httplib::Request& request, httplib::Response& response) {
                     Collection& objects = collection(targets, request.matches[1]);
                     Guid id = parse_id(request.matches[2]);
                     auto changes = object_members(request.body);
                     std::unique_lock lock(targets.store.mutex());
                     require(objects.patch(id, changes), request);
                     answer(response, 200, "{}");
                 }));
    server.Delete(one, guarded([&](const httplib::Request& request, httplib::Response& response) {
                      Collection& objects = collection(targets, request.matches[1]);
                      std::unique_lock lock(targets.store.mutex());
                      require(objects.remove(parse_id(request.matches[2])), request);
                      answer(response, 200, "{}");
                  }));
}

void add_personality_routes(httplib::Server& server, AdminTargets& targets)
{
    using httplib::Request;
    using httplib::Response;
    server.Get("/_fake/personality", [&](const Request&, Response& response) {
        std::shared_lock lock(targets.store.mutex());
        answer(response, 200, targets.personality.json());
    });
    server.Get("/_fake/personality/switches", [](const Request&, Response& response) {
        answer(response, 200, Personality::switches_json());
    });
    server.Put("/_fake/personality", guarded([&](const Request& request, Response& response) {
                   std::unique_lock lock(targets.store.mutex());
                   targets.personality.move(request.body);
                   targets.store.personality_changed();
                   answer(response, 200, targets.personality.json());
               }));
}

} // namespace

void add_admin_routes(httplib::Server& server, AdminTargets& targets)
{
    using httplib::Request;
    using httplib::Response;
    server.Get("/_fake/requests", [&](const Request&, Response& response) {
        answer(response, 200, targets.log.json());
    });
    server.Delete("/_fake/requests", [&](const Request&, Response& response) {
        targets.log.clear();
        answer(response, 200, "{}");
    });
    server.Get("/_fake/faults", [&](const Request&, Response& response) {
        answer(response, 200, targets.faults.json());
    });
    server.Post("/_fake/faults", guarded([&](const Request& request, Response& response) {
                    targets.faults.add(parse_fault(request.body));
                    answer(response, 200, "{}");
                }));
    server.Delete("/_fake/faults", [&](const Request&, Response& response) {
        targets.faults.clear();
        answer(response, 200, "{}");
    });
    server.Post("/_fake/tokens/revoke", [&](const Request&, Response& response) {
        targets.tokens.revoke_all();
        answer(response, 200, "{}");
    });
    server.Get("/_fake/truth", [&](const Request&, Response& response) {
        std::string text;
        write_truth(targets.organisation, targets.truth,
                    [&](std::string_view piece) { text += piece; });
        answer(response, 200, std::move(text));
    });
    server.Get("/_fake/night-groups", [&](const Request&, Response& response) {
        answer(response, 200, night_groups(targets.organisation));
    });
    server.Post("/_fake/insert-while-paging",
                guarded([&](const Request& request, Response& response) {
                    add_insertion(targets, request.body);
                    answer(response, 200, "{}");
                }));
    server.Put("/_fake/timesheets/([^/]+)/([^/]+)",
               guarded([&](const Request& request, Response& response) {
                   Guid person = parse_id(request.matches[1]);
                   Days date = parse_day(request.matches[2]);
                   DayOverride day = parse_day_override(request.body);
                   require(targets.summary.override_day(person, date, day), request);
                   answer(response, 200, "{}");
               }));
    server.Post("/_fake/people/([^/]+)/erase",
                guarded([&](const Request& request, Response& response) {
                    Guid person = parse_id(request.matches[1]);
                    std::unique_lock lock(targets.store.mutex());
                    require(targets.store.erase_person(person), request);
                    targets.summary.erase_person(person);
                    answer(response, 200, "{}");
                }));
    add_object_routes(server, targets);
    add_personality_routes(server, targets);
}

} // namespace fake
