#include "commands/backfill.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "commands/limited_pass.hpp"
#include "ingest/ingest.hpp"
#include "ingest/ingest_session.hpp"
#include "process/failure.hpp"
#include "process/log.hpp"
#include "process/progress_bar.hpp"
#include "process/time_limit.hpp"
#include "text/thousands.hpp"

namespace timesheetd
{

namespace
{

constexpr long slice_days = 28;

Window slice_from(Date since, Window window)
{
    return {since, std::min(since + (slice_days - 1), window.until)};
}

class Backfill
{
  public:
    Backfill(const Configuration& configuration, IngestSession& session, Window window)
        : session_(session), deriver_(configuration.text("DATABASE_URL")), window_(window)
    {
        if (stderr_is_terminal())
            bar_.emplace();
    }

    // Reads a slice while the one before is derived.
    void run(Window slice)
    {
        show(slice, 0, 0);
        // People and the rest hardly change meanwhile.
        IngestOptions options;
        options.dimensions = slice.since == window_.since ? Dimensions::read : Dimensions::leave;
        options.progress = [this, slice](std::uint64_t entries, double share) {
            show(slice, entries, share);
        };
        auto run =
            std::make_unique<IngestRun>(session_, "backfill", slice, options, deriving_.get());
        run->read();
        entries_ += run->entries();
        try {
            finish_derived();
        } catch (const std::exception& e) {
            run->give_up(e.what());
            throw;
        }
        run->start_deriving(deriver_);
        deriving_ = std::move(run);
    }

    // Waits for the last slice that was read.
    void finish_derived()
    {
        if (!deriving_)
            return;
        std::unique_ptr<IngestRun> run = std::move(deriving_);
        RunReport report;
        try {
            report = run->finish();
        } catch (const ReadUnproven& e) { // its entries count; the other slices need not wait
            log::warn("backfill of {}: {}", to_text(run->window()), e.what());
            if (unproven_.empty())
                unproven_ = fmt::format("{}: {}", to_text(run->window()), e.what());
            finished_through_ = run->window().until;
            return;
        }
        finished_through_ = run->window().until;
        // A bar says the same already.
        log::at(bar_ ? log::Level::debug : log::Level::info, "backfill of {}: {}",
                to_text(run->window()), to_text(report));
    }

    // After a failure: what was read whole before it is worth keeping. What is left to do.
    Window rest() noexcept
    {
        try {
            finish_derived();
        } catch (const std::exception& e) {
            log::warn("{}", e.what());
        }
        return {finished_through_ ? *finished_through_ + 1 : window_.since, window_.until};
    }

    // Of the first slice in which something could not be proven deleted; "" if there is none.
    const std::string& unproven() const { return unproven_; }
    std::uint64_t entries() const { return entries_; }
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    }

  private:
    void show(Window slice, std::uint64_t entries_of_slice, double share_of_slice)
    {
        if (!bar_)
            return;
        ProgressState state;
        state.what = "backfill";
        state.share = (static_cast<double>(slice.since.day - window_.since.day) +
                       share_of_slice * static_cast<double>(slice.days())) /
                      static_cast<double>(window_.days());
        state.entries = entries_ + entries_of_slice;
        state.seconds = seconds();
        state.slice = slice;
        bar_->update(state);
    }

    IngestSession& session_;
    Database deriver_;
    Window window_;
    std::unique_ptr<IngestRun> deriving_;
    std::optional<Date> finished_through_;
    std::string unproven_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    std::uint64_t entries_ = 0;
    std::optional<ProgressBar> bar_;
};

std::string how_to_go_on(Window rest)
{
    return fmt::format("; go on with timesheetd backfill --since {} --until {}",
                       to_text(rest.since), to_text(rest.until));
}

} // namespace

void backfill(const Configuration& configuration, Window window)
{
    JibbleClient jibble(configuration);
    IngestSession session(configuration, jibble);
    if (has_time_limit()) {
        read_within_limit(session, {"backfill", "backfill", window, slice_days, true});
        return;
    }
    Backfill backfill(configuration, session, window);
    std::vector<Window> slices = backfill_slices(window);
    try {
        for (Window slice : slices)
            backfill.run(slice);
        backfill.finish_derived();
        look_up_unknown(session);
    } catch (const Failure& e) {
        throw Failure(e.what() + how_to_go_on(backfill.rest()));
    }
    refresh_reports(session.database());
    if (!backfill.unproven().empty())
        throw Failure(backfill.unproven());
    log::info("backfill of {} finished: {} slices, {} entries, {:.1f} s", to_text(window),
              slices.size(), thousands(static_cast<long long>(backfill.entries())),
              backfill.seconds());
}

std::vector<Window> backfill_slices(Window window)
{
    std::vector<Window> slices;
    for (Date since = window.since; !(window.until < since); since = since + slice_days)
        slices.push_back(slice_from(since, window));
    return slices;
}

} // namespace timesheetd
