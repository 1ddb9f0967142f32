#include "commands/check.hpp"

#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "commands/check_alerts.hpp"
#include "commands/check_report.hpp"
#include "commands/contacts.hpp"
#include "digest/airtable_client.hpp"
#include "digest/mail_provider.hpp"
#include "http/api_error.hpp"
#include "jibble/jibble_client.hpp"
#include "jibble/jibble_summaries.hpp"
#include "jibble/resource_reader.hpp"
#include "postgres/database.hpp"
#include "postgres/database_state.hpp"
#include "postgres/migrations.hpp"
#include "postgres/session_pooling.hpp"
#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

std::string native_or_why_not(Database& database)
{
    std::string engine = database.query("SELECT timesheet.engine()").text(0, 0);
    if (engine == "native" || database.query("SELECT timesheet.has_native_engine()").boolean(0, 0))
        return engine;
    return engine + "; for the native one run make install on the server, then timesheetd migrate";
}

std::string freshness(Database& database)
{
    Rows feed = database.query(
        "SELECT timesheet.office_time_text(fresh_through), pg_catalog.date_trunc('second', age), "
        "backlog, failed_since_success,"
        " last_error, is_stale, (SELECT s.stale_after FROM timesheet.settings AS s), "
        "coalesce('; ' || timesheet.cut_since_success(), '') FROM timesheet.feed_health");
    std::string cut = feed.text(0, 7); // in words: the run log's status says little
    if (feed.is_null(0, 0)) {
        std::string text =
            "no read of Jibble has reached the present yet; run timesheetd sync" + cut;
        if (feed.number(0, 3) > 0)
            throw Failure(fmt::format("{}; {} failed, the last one: {}", text, feed.number(0, 3),
                                      feed.text(0, 4)));
        if (feed.boolean(0, 5))
            throw Failure(text);
        return text;
    }
    std::string text = fmt::format("fresh through {}, {} ago, backlog {}{}", feed.text(0, 0),
                                   feed.text(0, 1), feed.number(0, 2), cut);
    if (feed.number(0, 3) > 0)
        throw Failure(fmt::format("{}; {} failed since then, the last one: {}", text,
                                  feed.number(0, 3), feed.text(0, 4)));
    if (feed.boolean(0, 5))
        throw Failure(fmt::format("{}, more than settings.stale_after ({}); check that timesheetd "
                                  "run, or a scheduled sync, is running",
                                  text, feed.text(0, 6)));
    return text;
}

// Where other roles may see the secret of the calls that the database makes.
void check_poller(Database& database, CheckReport& report)
{
    Rows warning = database.query("SELECT timesheet.poller_warning()");
    if (!warning.is_null(0, 0))
        report.line("warning", "poller", warning.text(0, 0));
}

// A contact whose record is wrong, or names no active client group, gets no digest; all else works.
void check_contacts(Database& database, CheckReport& report)
{
    for (const std::string& problem : contact_problems(database))
        report.line("warning", "contacts", problem);
}

// The provider may accept the key, but refuse each e-mail.
void check_sender(Database& database, CheckReport& report)
{
    Rows refusal = database.query("SELECT timesheet.sender_refusal()");
    if (!refusal.is_null(0, 0))
        report.failure("digests", "refused " + refusal.text(0, 0));
}

// Whether the links in e-mails will lead to anything.
void check_portal(const Configuration& configuration, Database& database, CheckReport& report)
{
    const std::string& url = configuration.text("PORTAL_URL");
    if (url.empty())
        return;
    report.piece("portal", [&]() -> std::string {
        Rows found = database.query(
            "SELECT s.portal_link_days, EXISTS (SELECT FROM pg_catalog.pg_roles AS r "
            "WHERE r.rolname = 'timesheet_portal' AND pg_catalog.has_function_privilege(r.oid, "
            "'timesheet.portal_session(text)', 'EXECUTE')) FROM timesheet.settings AS s");
        if (!found.boolean(0, 1))
            throw Failure("there is no role timesheet_portal that may call "
                          "timesheet.portal_session(); run timesheetd migrate as in docs/roles.md");
        if (found.number(0, 0) == 0)
            return "closed, as settings.portal_link_days is 0: no e-mail links to it";
        return fmt::format("e-mails link to {}, and a link works for {} days", url,
                           found.number(0, 0));
    });
    if (constexpr std::string_view path = "/portal";
        url.size() < path.size() || url.substr(url.size() - path.size()) != path)
        report.line("warning", "portal",
                    fmt::format("PORTAL_URL, {}, does not end with {}, where the dashboard's "
                                "project serves the portal; correct it unless another server "
                                "leads there",
                                url, path));
}

// Returns it if its schema is ours.
std::unique_ptr<Database> check_database(const Configuration& configuration, CheckReport& report)
{
    std::unique_ptr<Database> database;
    report.piece("database", [&] {
        database = std::make_unique<Database>(configuration.text("DATABASE_URL"));
        check_session_pooling(*database, configuration.text("DATABASE_URL"));
        require_utf8(*database);
        try_to_write(*database);
        return "PostgreSQL " + database->query("SHOW server_version").text(0, 0);
    });
    if (!database)
        return nullptr;
    bool is_current = false;
    report.piece("schema", [&] {
        require_readable_schema(*database);
        is_current = true;
        return "version " +
               database->query("SELECT max(version) FROM timesheet.schema_migrations").text(0, 0);
    });
    if (!is_current)
        return nullptr;
    report.piece("engine", [&] { return native_or_why_not(*database); });
    report.piece("feed", [&] { return freshness(*database); });
    check_contacts(*database, report);
    check_poller(*database, report);
    check_sender(*database, report);
    check_portal(configuration, *database, report);
    return database;
}

// Only the audit needs them, so their absence is no failure.
void check_timesheets(JibbleClient& jibble, const Guid& person, CheckReport& report)
{
    try {
        Summaries summaries = read_summaries(jibble, last_days(1), {person});
        if (!summaries.refused.empty())
            throw Failure(summaries.refused.back().text +
                          "; check that the API credentials may read timesheets");
        if (!summaries.unreadable.empty())
            throw Failure(summaries.unreadable.back().text + "; run timesheetd probe");
        report.line("ok", "audit", "Jibble's own timesheets may be read");
    } catch (const Stopped&) {
        throw;
    } catch (const std::exception& e) {
        report.line("-", "audit", fmt::format("timesheetd audit will not work: {}", e.what()));
    }
}

void check_jibble(const Configuration& configuration, CheckReport& report)
{
    std::optional<JibbleClient> jibble;
    std::optional<Guid> person;
    report.piece("jibble", [&] {
        configuration.require({"JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET"});
        jibble.emplace(configuration);
        ResourceReader reader([&](const Resource& resource, const std::string& select,
                                  std::uint64_t skip,
                                  long top) { return jibble->fetch(resource, select, skip, top); },
                              configuration.integer("JIBBLE_PAGE_SIZE"));
        // One object of each resource that is read to ingest, asked for as then.
        bool has_zones = true;
        for (const Resource& resource : dimension_resources()) {
            if (resource.is_optional)
                continue;
            std::optional<Page> page = reader.sample(resource);
            if (resource.has_fallback) {
                has_zones = page && page->rows > 0;
            } else if (is_workspace_people(resource) && !page->guids.empty()) {
                person = page->guids[0];
                if (!has_zones)
                    reader.sample(people_with_zones());
            }
        }
        std::uint64_t entries = 0;
        for (const Resource& resource : entry_resources(last_days(7)))
            entries += reader.sample(resource)->count.value_or(0);
        return fmt::format("answers and may be read; {} entries in the last week", entries);
    });
    if (person)
        check_timesheets(*jibble, *person, report);
}

void check_airtable(const Configuration& configuration, CheckReport& report)
{
    if (configuration.text("AIRTABLE_TOKEN").empty())
        return report.line("-", "airtable", "not configured (AIRTABLE_TOKEN)");
    report.piece("airtable", [&] {
        AirtableClient(configuration).probe();
        return "answers, and the token may read the table";
    });
}

void check_mail(const Configuration& configuration, CheckReport& report)
{
    if (configuration.text("MAIL_PROVIDER").empty())
        return report.line("-", "mail", "not configured (MAIL_PROVIDER)");
    report.piece("mail", [&] {
        std::unique_ptr<MailProvider> provider = mail_provider(configuration);
        return provider->probed(HttpClient().perform(provider->probe()));
    });
}

} // namespace

void check(const Configuration& configuration, bool sends_test)
{
    CheckReport report;
    std::unique_ptr<Database> database = check_database(configuration, report);
    check_jibble(configuration, report);
    check_airtable(configuration, report);
    check_mail(configuration, report);
    check_alerts(configuration, database.get(), report);
    if (sends_test)
        send_test_messages(configuration, database.get(), report);
    if (report.failed() > 0)
        throw Failure(fmt::format("{} of the checks above failed; each line says what to do",
                                  report.failed()));
}

} // namespace timesheetd
