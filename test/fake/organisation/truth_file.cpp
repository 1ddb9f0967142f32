#include "organisation/truth.hpp"
#include "values/json_writer.hpp"

namespace fake
{

namespace
{

std::string utc(Micros instant)
{
    std::string text;
    append_utc(text, instant, 6);
    return text;
}

std::string date_text(Days date)
{
    std::string text;
    append_date(text, date);
    return text;
}

// Elements go out one at a time, a line each, so that two truths can be compared with diff.
class Document
{
  public:
    explicit Document(const std::function<void(std::string_view)>& write) : write_(write) {}

    void open(const char* name)
    {
        write_(std::string(",\n\"") + name + "\":[");
        first_ = true;
    }

    void element(std::string_view text)
    {
        std::string line(first_ ? "\n" : ",\n");
        line += text;
        write_(line);
        first_ = false;
    }

    void close() { write_("\n]"); }

  private:
    const std::function<void(std::string_view)>& write_;
    bool first_ = true;
};

void activity_member(JsonObject& object, const Organisation& org, int activity)
{
    if (activity < 0)
        object.null("activity_id");
    else
        object.text("activity_id", to_text(org.activities[activity].id));
}

void write_interval(Document& document, const Organisation& org, int agent,
                    const Interval& interval)
{
    JsonObject object;
    object.text("agent_id", to_text(org.people[agent].id));
    object.text("kind", interval.is_break ? "break" : "work");
    activity_member(object, org, interval.activity);
    object.text("start", utc(interval.start));
    object.text("end", utc(interval.end));
    object.text("start_event_id", to_text(interval.start_event));
    object.boolean("lost_out", interval.lost_out);
    object.boolean("auto_out", interval.auto_out);
    object.boolean("running", interval.running);
    document.element(object.finish());
}

void write_groups(Document& document, const Organisation& org)
{
    document.open("night_groups");
    for (const Group& group : org.groups)
        if (group.night)
            document.element('"' + to_text(group.id) + '"');
    document.close();
    document.open("groups");
    for (const Group& group : org.groups) {
        JsonObject object;
        object.text("id", to_text(group.id));
        object.text("name", group.name);
        object.text("day_cutoff", group.night ? "12:00" : "00:00");
        document.element(object.finish());
    }
    document.close();
    document.open("activities");
    for (const Activity& activity : org.activities) {
        JsonObject object;
        object.text("id", to_text(activity.id));
        object.text("name", activity.name);
        document.element(object.finish());
    }
    document.close();
}

void write_people(Document& document, const Organisation& org)
{
    document.open("agents");
    for (int agent = 0; agent < org.agents; ++agent) {
        const Person& person = org.people[agent];
        JsonObject object;
        object.text("id", to_text(person.id));
        object.text("full_name", person.full_name);
        object.text("group_id", to_text(org.groups[person.group].id));
        object.text("time_zone", person.working_zone().name());
        document.element(object.finish());
    }
    document.close();
}

void write_hour_entry(Document& document, const Organisation& org, const HourEntry& entry)
{
    JsonObject object;
    object.text("id", to_text(entry.id));
    object.text("agent_id", to_text(org.people[entry.agent].id));
    activity_member(object, org, entry.activity);
    object.text("date", date_text(entry.date));
    object.number("seconds", entry.seconds);
    object.boolean("archived", entry.archived);
    document.element(object.finish());
}

} // namespace

void write_truth(const Organisation& org, const Truth& truth,
                 const std::function<void(std::string_view)>& write)
{
    JsonObject head;
    head.number("seed", static_cast<std::int64_t>(truth.seed));
    head.text("now", utc(truth.now));
    head.number("weeks", truth.weeks);
    head.text("first_day", date_text(truth.first_day));
    std::string opening = head.finish();
    opening.pop_back();
    write(opening);

    Document document(write);
    write_groups(document, org);
    write_people(document, org);
    document.open("intervals");
    for (const Shift& shift : truth.shifts)
        for (const Interval& interval : shift.intervals)
            write_interval(document, org, shift.agent, interval);
    document.close();
    document.open("hour_entries");
    for (const HourEntry& entry : truth.hour_entries)
        write_hour_entry(document, org, entry);
    document.close();
    write("\n}\n");
}

} // namespace fake
