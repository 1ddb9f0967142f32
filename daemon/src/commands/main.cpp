// The commands of timesheetd. Exit status: 0 success, 1 failed, 2 wrong usage or configuration, 75
// another pass holds the lock of this command.
#include <csignal>
#include <exception>
#include <functional>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>

#include "commands/audit.hpp"
#include "commands/backfill.hpp"
#include "commands/check.hpp"
#include "commands/contacts.hpp"
#include "commands/nightly.hpp"
#include "commands/replay.hpp"
#include "commands/service.hpp"
#include "commands/sync.hpp"
#include "configuration/configuration.hpp"
#include "digest/digest.hpp"
#include "jibble/calendar.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "probe/probe.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/standard_streams.hpp"
#include "process/stop.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

constexpr int failed = 1;
constexpr int wrong_usage = 2;
constexpr int lock_held = 75; // EX_TEMPFAIL: another time it may work

constexpr const char* about =
    "Fetches time-tracking events from Jibble into PostgreSQL.\n"
    "Configuration comes from environment variables such as DATABASE_URL, JIBBLE_CLIENT_ID and\n"
    "JIBBLE_CLIENT_SECRET, and optionally from a file of KEY=VALUE lines; the environment wins.\n"
    "Exit status: 0 success, 1 failed, 2 wrong usage or configuration, 75 another pass held the "
    "lock\n"
    "of this command for 10 minutes (or lock_timeout of DATABASE_URL's options or role).";

struct DateOptions {
    std::string since;
    std::string until;
};

Date date_option(const char* option, const std::string& text, Date otherwise)
{
    if (text.empty())
        return otherwise;
    if (auto date = parse_date(text))
        return *date;
    throw WrongUsage(
        fmt::format("{}: \"{}\" is not a date; use YYYY-MM-DD, such as 2026-03-02", option, text));
}

// Both days included.
Window window_of(const DateOptions& options, long lookback_days)
{
    Window usual = last_days(lookback_days);
    Window window{date_option("--since", options.since, usual.since),
                  date_option("--until", options.until, usual.until)};
    if (window.until < window.since)
        throw WrongUsage(
            fmt::format("--since: {} is after {}, the last day; give --since a day not "
                        "after --until",
                        to_text(window.since), to_text(window.until)));
    return window;
}

using Command = std::function<void(const Configuration&)>;

// A subcommand that sets `chosen` when it is the one given.
CLI::App* add_command(CLI::App& app, const char* name, const char* description, Command& chosen,
                      Command command)
{
    CLI::App* sub = app.add_subcommand(name, description);
    sub->fallthrough();
    sub->footer("--config FILE may stand here too; see timesheetd --help.");
    sub->set_version_flag("--version", [] { return std::string("timesheetd ") + version; });
    sub->callback([&chosen, command] { chosen = command; });
    return sub;
}

struct DigestOptions {
    std::string contact;
    std::string week;
    std::string format = "text";
};

void add_digest_commands(CLI::App& app, Command& chosen, DigestOptions& options)
{
    CLI::App* digest = app.add_subcommand("digest", "The weekly digests: preview, send");
    digest->fallthrough();
    digest->require_subcommand(1);
    auto week = [&options]() -> std::optional<Date> {
        if (options.week.empty())
            return std::nullopt;
        return date_option("--week", options.week, {});
    };
    CLI::App* preview =
        add_command(*digest, "preview", "Print a contact's digest; sends nothing", chosen,
                    [&options, week](const Configuration& c) {
                        c.demand({"DATABASE_URL"});
                        preview_digest(c, options.contact, week(),
                                       options.format == "json"   ? DigestFormat::json
                                       : options.format == "html" ? DigestFormat::html
                                                                  : DigestFormat::text);
                    });
    CLI::App* send = add_command(*digest, "send", "Queue and send what is due", chosen,
                                 [week](const Configuration& c) {
                                     c.demand({"DATABASE_URL", "MAIL_PROVIDER"});
                                     send_digests(c, week());
                                 });
    preview->add_option("--contact", options.contact, "Whose")->type_name("EMAIL")->required();
    preview->add_option("--format", options.format, "text, html or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "html", "json"}));
    for (CLI::App* command : {preview, send})
        command->add_option("--week", options.week, "A day of the week, by default the last one")
            ->type_name("DATE");
}

void add_probe_command(CLI::App& app, Command& chosen, std::string& format)
{
    CLI::App* probe_command =
        add_command(app, "probe",
                    "Ask Jibble, read only and with at most 60 requests, what its documentation "
                    "leaves open; needs "
                    "no database; names nobody",
                    chosen, [&format](const Configuration& c) {
                        c.demand({"JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
                        probe(c, format == "json" ? ProbeFormat::json : ProbeFormat::text);
                    });
    probe_command->add_option("--format", format, "text or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}));
}

int run(int count, char** arguments)
{
    CLI::App app(about, "timesheetd");
    app.set_version_flag("--version", [] { return std::string("timesheetd ") + version; });
    app.require_subcommand(0, 1); // that there is one is checked below, after unknown words are
    app.footer(variables_help());
    std::string file;
    app.add_option("--config", file, "Read variables from this file of KEY=VALUE lines")
        ->type_name("FILE");

    Command chosen;
    DateOptions dates;
    MassDeletion mass_deletion = MassDeletion::held_back;
    add_command(app, "migrate", "Create or upgrade the schema", chosen,
                [](const Configuration& configuration) {
                    configuration.demand({"DATABASE_URL"});
                    Database database(configuration.text("DATABASE_URL"));
                    migrate(database);
                });
    CLI::App* sync_command = add_command(
        app, "sync", "One pass over the last days", chosen, [&](const Configuration& c) {
            c.demand({"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
            sync(c, window_of(dates, c.whole("SYNC_LOOKBACK_DAYS")), mass_deletion);
        });
    CLI::App* backfill_command = add_command(
        app, "backfill", "Read history, slice by slice", chosen, [&](const Configuration& c) {
            c.demand({"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
            backfill(c, window_of(dates, 0));
        });
    add_command(app, "run", "The service: polls, reads 35 days every night, and sends digests",
                chosen, [](const Configuration& c) {
                    c.demand({"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
                    run_service(c);
                });
    add_command(app, "nightly", "One pass over the last 35 days, then the audit of the last week",
                chosen, [](const Configuration& c) {
                    c.demand({"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
                    nightly(c);
                });
    add_command(app, "replay", "Rebuild the normalised tables from the raw ones", chosen,
                [](const Configuration& c) {
                    c.demand({"DATABASE_URL"});
                    replay(c);
                });
    add_command(app, "check", "Test each configured piece", chosen, [](const Configuration& c) {
        c.demand({"DATABASE_URL"});
        check(c);
    });
    std::string probe_format = "text";
    add_probe_command(app, chosen, probe_format);
    CLI::App* contacts_command =
        add_command(app, "contacts", "One pass over Airtable: who receives digests", chosen,
                    [&](const Configuration& c) {
                        c.demand({"DATABASE_URL", "AIRTABLE_TOKEN", "AIRTABLE_BASE_ID"});
                        contacts(c, mass_deletion);
                    });
    DigestOptions digest;
    add_digest_commands(app, chosen, digest);
    CLI::App* audit_command =
        add_command(app, "audit", "Compare our hours with Jibble's own timesheets", chosen,
                    [&](const Configuration& c) {
                        c.demand({"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
                        audit(c, window_of(dates, 0));
                    });
    sync_command->add_option("--since", dates.since, "First day, by default SYNC_LOOKBACK_DAYS ago")
        ->type_name("DATE");
    sync_command->add_flag_callback(
        "--allow-mass-deletion", [&] { mass_deletion = MassDeletion::allowed; },
        "Delete what Jibble shows no more also where that is held back until a person decides");
    contacts_command->add_flag_callback(
        "--allow-mass-deletion", [&] { mass_deletion = MassDeletion::allowed; },
        "Remove the contacts that Airtable shows no more even if they are most of them");
    for (CLI::App* command : {backfill_command, audit_command})
        command->add_option("--since", dates.since, "First day")->type_name("DATE")->required();
    for (CLI::App* command : {sync_command, backfill_command, audit_command})
        command->add_option("--until", dates.until, "Last day, by default tomorrow (UTC)")
            ->type_name("DATE");

    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) { // --help, --version
            std::ostringstream text;
            app.exit(e, text, text);
            print_output(text.str());
            finish_output();
            return 0;
        }
        throw WrongUsage(std::string(e.what()) + "; see timesheetd --help");
    }
    if (!chosen)
        throw WrongUsage("no command is given; see timesheetd --help");

    Variables variables = variables_from_environment();
    std::string warning;
    if (!file.empty())
        variables.merge(variables_from_file(file, &warning)); // keeps what the environment has
    start_log(log_level_of(variables), log_format_of(variables));
    if (!warning.empty())
        spdlog::warn("{}", warning);
    Configuration configuration(std::move(variables));
    catch_stop_signals();
    chosen(configuration);
    finish_output();
    return 0;
}

} // namespace

} // namespace timesheetd

int main(int count, char** arguments)
{
    using namespace timesheetd;
    open_standard_descriptors();
    std::signal(SIGPIPE, SIG_IGN); // a pipe that was closed is a write that failed
    try {
        return run(count, arguments);
    } catch (const WrongUsage& e) {
        report_failure(e.what());
        return wrong_usage;
    } catch (const LockHeld& e) {
        report_failure(e.what());
        return lock_held;
    } catch (const std::exception& e) {
        report_failure(e.what());
        return failed;
    }
}
