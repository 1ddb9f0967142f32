#include "commands/command_line.hpp"

#include <memory>
#include <optional>
#include <sstream>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>

#include "commands/audit.hpp"
#include "commands/backfill.hpp"
#include "commands/check.hpp"
#include "commands/contacts.hpp"
#include "commands/metrics.hpp"
#include "commands/nightly.hpp"
#include "commands/notified_pass.hpp"
#include "commands/replay.hpp"
#include "commands/service.hpp"
#include "commands/sync.hpp"
#include "digest/digest_preview.hpp"
#include "digest/digest_sender.hpp"
#include "jibble/calendar.hpp"
#include "postgres/database.hpp"
#include "postgres/migrations.hpp"
#include "probe/probe.hpp"
#include "process/failure.hpp"
#include "process/time_limit.hpp"
#include "process/version.hpp"

namespace timesheetd
{

namespace
{

constexpr const char* about =
    "Fetches time-tracking events from Jibble into PostgreSQL.\n"
    "Configuration comes from environment variables such as DATABASE_URL, JIBBLE_CLIENT_ID and\n"
    "JIBBLE_CLIENT_SECRET, and optionally from a file of KEY=VALUE lines; the environment wins.\n"
    "Exit status: 0 success, 1 failed or stopped by a signal, 2 wrong usage or configuration, 75 "
    "another pass held the lock\n"
    "of this command for 10 minutes (or lock_timeout of DATABASE_URL's options or role), or holds "
    "it now where there is a --time-limit.\n"
    "SSL_CERT_FILE in the environment names the authorities that services' certificates are "
    "checked by.";

using Command = std::function<void(const Configuration&)>;

// What the options of all commands were set to.
struct Options {
    std::string since;
    std::string until;
    MassDeletion mass_deletion = MassDeletion::held_back;
    std::string contact;
    std::string week;
    std::string format = "text";
    std::optional<std::string> time_limit;
    bool sends_test = false;
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
Window window_of(const Options& options, long lookback_days)
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

std::optional<Date> week_of(const Options& options)
{
    if (options.week.empty())
        return std::nullopt;
    return date_option("--week", options.week, {});
}

DigestFormat digest_format(const Options& options)
{
    return options.format == "json"   ? DigestFormat::json
           : options.format == "html" ? DigestFormat::html
                                      : DigestFormat::text;
}

// Adds the commands, whose options live as long as the command that is chosen.
class Commands
{
  public:
    explicit Commands(CLI::App& app) : app_(app) {}

    void add_schema();
    void add_reading();
    void add_questions();
    void add_digests();

    const Command& chosen() const { return chosen_; }

  private:
    using Needs = std::vector<const char*>; // names of variables
    const Needs database{"DATABASE_URL"};
    const Needs jibble{"JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"};
    const Needs both{"DATABASE_URL", "JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"};

    // A subcommand of `parent`, which needs these variables.
    CLI::App* add(CLI::App& parent, const char* name, const char* description, const Needs& needs,
                  const Command& command);
    void add_since(CLI::App* command, const char* description, bool is_required);
    void add_until(CLI::App* command);
    void add_format(CLI::App* command, const std::vector<std::string>& formats);
    void add_allow_mass_deletion(CLI::App* command, const char* description);
    void add_time_limit(CLI::App* command);

    CLI::App& app_;
    Command chosen_;
    std::shared_ptr<Options> options_ = std::make_shared<Options>();
};

CLI::App* Commands::add(CLI::App& parent, const char* name, const char* description,
                        const Needs& needs, const Command& command)
{
    CLI::App* sub = parent.add_subcommand(name, description);
    sub->fallthrough();
    sub->footer("--config FILE is accepted here too; see timesheetd --help.");
    sub->set_version_flag("--version", [] { return std::string("timesheetd ") + version; });
    sub->callback([this, needs, command] {
        chosen_ = [needs, command, o = options_](const Configuration& c) {
            if (o->time_limit)
                set_time_limit(parse_time_limit(*o->time_limit));
            c.require(needs);
            command(c);
        };
    });
    return sub;
}

void Commands::add_since(CLI::App* command, const char* description, bool is_required)
{
    command->add_option("--since", options_->since, description)
        ->type_name("DATE")
        ->required(is_required);
}

void Commands::add_until(CLI::App* command)
{
    command->add_option("--until", options_->until, "Last day (default: tomorrow, UTC)")
        ->type_name("DATE");
}

void Commands::add_format(CLI::App* command, const std::vector<std::string>& formats)
{
    command
        ->add_option("--format", options_->format,
                     fmt::format("One of {}", fmt::join(formats, ", ")))
        ->type_name("FORMAT")
        ->check(CLI::IsMember(formats));
}

void Commands::add_allow_mass_deletion(CLI::App* command, const char* description)
{
    command->add_flag_callback(
        "--allow-mass-deletion",
        [options = options_] { options->mass_deletion = MassDeletion::allowed; }, description);
}

void Commands::add_time_limit(CLI::App* command)
{
    command
        ->add_option_function<std::string>(
            "--time-limit", [o = options_](const std::string& text) { o->time_limit = text; },
            "End in order before this many seconds are over, with exit status 0 if the next call "
            "goes on where this one ended; do not wait for another pass")
        ->type_name("SECONDS");
}

void Commands::add_schema()
{
    add(app_, "migrate", "Create or upgrade the schema", database, [](const Configuration& c) {
        Database connection(c.text("DATABASE_URL"));
        migrate(connection);
    });
    add(app_, "replay", "Rebuild the normalised tables from the raw ones", database, replay);
}

void Commands::add_reading()
{
    CLI::App* sync_command =
        add(app_, "sync", "Read the last days once", both, [o = options_](const Configuration& c) {
            Window window = window_of(*o, c.integer("SYNC_LOOKBACK_DAYS"));
            notified_pass(c, [&] { return sync(c, window, o->mass_deletion); });
        });
    add_since(sync_command, "First day (default: SYNC_LOOKBACK_DAYS ago)", false);
    add_until(sync_command);
    add_time_limit(sync_command);
    add_allow_mass_deletion(sync_command,
                            "Delete what Jibble no longer shows, even where that is held back for "
                            "a person to decide");
    CLI::App* backfill_command =
        add(app_, "backfill", "Read history, slice by slice", both,
            [o = options_](const Configuration& c) { backfill(c, window_of(*o, 0)); });
    add_since(backfill_command, "First day", true);
    add_until(backfill_command);
    add_time_limit(backfill_command);
    add(app_, "run",
        "Run as a service: poll, read the last 35 days again every night, send digests and alerts",
        both, run_service);
    add_time_limit(
        add(app_, "nightly", "Read the last 35 days again, then audit the last closed week", both,
            [](const Configuration& c) { notified_pass(c, [&] { return nightly(c); }); }));
}

void Commands::add_questions()
{
    CLI::App* check_command =
        add(app_, "check", "Test each configured service", database,
            [o = options_](const Configuration& c) { check(c, o->sends_test); });
    check_command->add_flag_callback(
        "--send-test", [o = options_] { o->sends_test = true; },
        "Also send a test message to each of ALERT_EMAILS and to ALERT_WEBHOOK_URL, and say what "
        "came back");
    add(app_, "metrics", "Print the state of everything as OpenMetrics text", database, metrics);
    CLI::App* probe_command =
        add(app_, "probe",
            "Ask Jibble what its documentation leaves open: at most 60 requests, which change "
            "nothing; prints no names, needs no database",
            jibble, [o = options_](const Configuration& c) {
                probe(c, o->format == "json" ? ProbeFormat::json : ProbeFormat::text);
            });
    add_format(probe_command, {"text", "json"});
    CLI::App* audit_command =
        add(app_, "audit", "Compare our hours with Jibble's own timesheets", both,
            [o = options_](const Configuration& c) { audit(c, window_of(*o, 0)); });
    add_since(audit_command, "First day", true);
    add_until(audit_command);
}

void Commands::add_digests()
{
    CLI::App* contacts_command = add(app_, "contacts", "Read from Airtable who receives digests",
                                     {"DATABASE_URL", "AIRTABLE_TOKEN", "AIRTABLE_BASE_ID"},
                                     [o = options_](const Configuration& c) {
                                         notified_pass(c, [&] {
                                             contacts(c, o->mass_deletion);
                                             return false;
                                         });
                                     });
    add_allow_mass_deletion(
        contacts_command,
        "Remove the contacts that Airtable no longer lists, even if most of them");
    add_time_limit(contacts_command);

    CLI::App* digest = app_.add_subcommand("digest", "The weekly digests: preview, send");
    digest->fallthrough();
    digest->require_subcommand(1);
    CLI::App* preview = add(*digest, "preview", "Print a contact's digest; sends nothing", database,
                            [o = options_](const Configuration& c) {
                                preview_digest(c, o->contact, week_of(*o), digest_format(*o));
                            });
    CLI::App* send = add(*digest, "send", "Queue and send what is due",
                         {"DATABASE_URL", "MAIL_PROVIDER"}, [o = options_](const Configuration& c) {
                             notified_pass(c, [&] {
                                 send_digests(c, week_of(*o));
                                 return false;
                             });
                         });
    add_time_limit(send);
    preview->add_option("--contact", options_->contact, "The contact's address")
        ->type_name("EMAIL")
        ->required();
    add_format(preview, {"text", "html", "json"});
    for (CLI::App* command : {preview, send})
        command->add_option("--week", options_->week, "A day of the week (default: the last week)")
            ->type_name("DATE");
}

} // namespace

CommandLine parse_command_line(int count, char** arguments)
{
    CLI::App app(about, "timesheetd");
    app.set_version_flag("--version", [] { return std::string("timesheetd ") + version; });
    app.require_subcommand(0, 1); // that there is one is checked below, after unknown words are
    app.footer(variables_help());
    CommandLine line;
    app.add_option("--config", line.config_file, "Read variables from this file of KEY=VALUE lines")
        ->type_name("FILE");
    Commands commands(app);
    commands.add_schema();
    commands.add_reading();
    commands.add_questions();
    commands.add_digests();
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() != 0)
            throw WrongUsage(fmt::format("{}; see timesheetd --help", e.what()));
        std::ostringstream text; // --help, --version
        app.exit(e, text, text);
        line.help = text.str();
        return line;
    }
    if (!commands.chosen())
        throw WrongUsage("no command is given; see timesheetd --help");
    line.command = commands.chosen();
    return line;
}

} // namespace timesheetd
