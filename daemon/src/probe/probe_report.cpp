#include "probe/probe_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "probe/probe_client.hpp"
#include "process/version.hpp"
#include "text/joined.hpp"
#include "text/json_prelude.hpp"

namespace timesheetd
{

namespace
{

constexpr std::size_t text_columns = 88;

// Lines of a limited number of columns, each after the first indented.
std::string wrapped(const std::string& text, const std::string& indent)
{
    std::string lines;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find(' ', at), text.size());
        if (column > 0 && column + 1 + end - at > text_columns) {
            lines += "\n" + indent;
            column = 0;
        }
        if (column > 0) {
            lines += ' ';
            ++column;
        }
        lines += text.substr(at, end - at);
        column += end - at;
        at = end + 1;
    }
    return lines;
}

const char* answer_of(const Finding& finding)
{
    return !finding.holds ? "could not be determined" : *finding.holds ? "holds" : "does not hold";
}

std::string verdict(const Findings& findings, bool was_answered, const UnreadLists& unread)
{
    if (!was_answered)
        return "Jibble could not be asked: nothing can be said of your hours.";
    if (!unread.no_hours.empty())
        return "there would be NO hours, as what they are made of cannot be read: " +
               unread.no_hours + ".";
    if (std::string broken = without_exact_way(findings); !broken.empty())
        return "your hours would NOT be exact: see " + broken + ". Please send us this list.";
    if (!unread.no_zone.empty())
        return "your hours would NOT be exact for people without a time zone of their own: " +
               unread.no_zone + ", so they count in settings.default_time_zone.";
    std::string undetermined;
    for (const Finding& finding : findings)
        if (finding.affects_hours && !finding.holds && !finding.has_second_way)
            undetermined += (undetermined.empty() ? "" : ", ") + std::string(finding.id);
    if (!unread.undetermined.empty())
        undetermined += fmt::format("{}whether all lists can be read ({})",
                                    undetermined.empty() ? "" : ", ", unread.undetermined);
    if (!undetermined.empty())
        return "nothing that was seen makes your hours inexact, but " + undetermined +
               " could not be determined: see above why, and run it again when that has changed.";
    return "your hours will be exact.";
}

} // namespace

std::string findings_as_json(const Findings& findings)
{
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
    writer.SetIndent(' ', 2);
    writer.StartArray();
    for (const Finding& finding : findings) {
        writer.StartObject();
        write_text(writer, "id", finding.id);
        write_text(writer, "assumed", finding.assumed);
        write_text(writer, "seen", finding.seen);
        writer.Key("holds");
        finding.holds ? writer.Bool(*finding.holds) : writer.Null();
        writer.Key("affects_hours");
        writer.Bool(finding.affects_hours);
        write_text(writer, "follows", finding.follows);
        writer.EndObject();
    }
    writer.EndArray();
    return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::string findings_as_text(const Findings& findings, int requests, bool was_answered,
                             const UnreadLists& unread)
{
    std::string text =
        fmt::format("How your Jibble account answers what its documentation leaves open\n"
                    "(timesheetd {}, {} of at most {} requests, nothing changed; no name, "
                    "address, token or id is in here)\n\n",
                    version, requests, max_probe_requests);
    const std::string indent(12, ' ');
    for (const Finding& finding : findings) {
        text += fmt::format("{}: {}{}\n", finding.id, answer_of(finding),
                            finding.affects_hours ? "" : " (does not affect hours)");
        text += "  assumed   " + wrapped(finding.assumed, indent) + "\n";
        text += "  seen      " + wrapped(finding.seen, indent) + "\n";
        text += "  follows   " + wrapped(finding.follows, indent) + "\n\n";
    }
    return text + "Verdict: " + verdict(findings, was_answered, unread) + "\n";
}

std::string without_exact_way(const Findings& findings)
{
    std::string ids;
    for (const Finding& finding : findings)
        if (finding.affects_hours && finding.holds == false && !finding.has_second_way)
            append_item(ids, finding.id, ", ");
    return ids;
}

} // namespace timesheetd
