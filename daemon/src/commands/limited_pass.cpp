#include "commands/limited_pass.hpp"

#include <algorithm>

#include "ingest/slice_fit.hpp"
#include "ingest/unfinished_passes.hpp"
#include "process/log.hpp"
#include "process/time_limit.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

// One that read nothing may have met a pause that Jibble asked for.
constexpr int max_idle_calls = 5;

// The slice has more days than can be read in the time that is left.
struct SliceTooLong : Cut {
    explicit SliceTooLong(long days)
        : Cut(fmt::format("too long for {}; read in slices of {} days", time_limit_text(), days)),
          fitting(days)
    {
    }

    long fitting;
};

class LimitedReader
{
  public:
    LimitedReader(IngestSession& session, const LimitedPass& pass)
        : session_(session), pass_(pass), passes_(session.database()),
          state_(passes_.resume(pass.command, pass.window)), is_kept_(state_.slice_days > 0),
          reads_lists_(!state_.lists_read)
    {
        if (is_kept_)
            log::info("{} of {}: goes on {}", pass_.command, to_text(pass_.window),
                      is_complete() ? "after its last day" : "with " + to_text(rest()));
        else
            state_.slice_days = std::min(pass_.longest_slice, pass_.window.days());
        first_day_ = state_.next_day;
    }

    bool read()
    {
        try {
            while (!is_complete())
                read_next();
        } catch (const TimeIsUp& e) {
            cut(e.what());
            return false;
        }
        if (pass_.once_read)
            pass_.once_read();
        if (!pass_.goes_on_after_reading)
            end();
        std::string left = finish();
        if (pass_.goes_on_after_reading && !left.empty())
            keep();
        else if (pass_.goes_on_after_reading)
            end();
        report(left);
        return left.empty() || !pass_.goes_on_after_reading;
    }

  private:
    using Clock = TimeLimitClock;

    bool is_complete() const { return pass_.window.until < state_.next_day; }
    bool is_whole(Window slice) const
    {
        return slice.since == pass_.window.since && slice.until == pass_.window.until;
    }
    Window rest() const { return {state_.next_day, pass_.window.until}; }
    Window slice() const
    {
        return {state_.next_day,
                std::min(state_.next_day + (state_.slice_days - 1), pass_.window.until)};
    }

    void read_next()
    {
        Window slice = this->slice();
        auto began = Clock::now();
        std::string report;
        try {
            report = read_slice(slice);
        } catch (const SliceTooLong& e) {
            log::info("{} of {}: {}", pass_.command, to_text(slice), e.what());
            state_.slice_days = e.fitting;
            keep();
            return;
        } catch (const ReadUnproven& e) { // its entries count; the other days need not wait
            log::warn("{} of {}: {}", pass_.command, to_text(slice), e.what());
            append_item(state_.unproven, is_whole(slice) ? e.what()
                                                         : fmt::format("run {} of {}: {}", run_,
                                                                       to_text(slice), e.what()));
        }
        ++slices_;
        state_.next_day = slice.until + 1;
        state_.idle_calls = 0;
        state_.lists_read = false;
        state_.slice_days = next_slice_days(state_.slice_days, pass_.longest_slice,
                                            Clock::now() - began, time_left().value());
        if (is_kept_ || !is_complete())
            keep();
        if (!report.empty())
            log::info("{}", report);
    }

    // Returns what to say of it.
    std::string read_slice(Window slice)
    {
        IngestOptions options = pass_.options;
        options.dimensions = reads_lists_ ? Dimensions::read : Dimensions::leave;
        Clock::time_point entries_began{};
        options.progress = [&](std::uint64_t, double share) {
            if (entries_began == Clock::time_point{}) { // the lists are read
                entries_began = Clock::now();
                reads_lists_ = false;
                return;
            }
            long fitting =
                fitting_days(slice.days(), Clock::now() - entries_began, share, *time_left());
            if (fitting > 0)
                throw SliceTooLong(fitting);
        };
        options.derived_step = [this] { has_derived_ = true; };
        IngestRun run(session_, is_whole(slice) ? pass_.command : pass_.slice_command, slice,
                      options);
        run_ = run.number();
        run.read();
        run.start_deriving(session_.database());
        RunReport report = run.finish();
        entries_ += report.entries;
        return fmt::format("{} of {}{}: {}", pass_.command, to_text(slice),
                           is_whole(slice) ? " finished" : "", to_text(report));
    }

    // What the next call needs to know.
    void cut(const char* reason)
    {
        if (slices_ == 0) {
            state_.idle_calls = has_derived_ ? 0 : state_.idle_calls + 1;
            state_.lists_read = !reads_lists_;
            if (state_.slice_days == 1 && state_.idle_calls >= max_idle_calls)
                fail_idle();
            state_.slice_days = std::max(1L, state_.slice_days / 2);
        }
        keep();
        log::info("{} of {}: {}; {}left: {}; the next call goes on there", pass_.command,
                  to_text(pass_.window), reason, read_text(), to_text(rest()));
    }

    void fail_idle()
    {
        keep();
        throw Failure(fmt::format(
            "{} of {}: in {} calls {} was too short to read even {}; give --time-limit more "
            "seconds, or see the log for what took them",
            pass_.command, to_text(pass_.window), state_.idle_calls, time_limit_text(),
            to_text(state_.next_day)));
    }

    std::string read_text() const
    {
        if (slices_ == 0)
            return "";
        return fmt::format("read: {}, {} entries; ",
                           to_text(Window{first_day_, state_.next_day - 1}), entries_);
    }

    // The days are read and count; names, and what makes reports quick, can wait. Returns why it
    // has to, and what; "" if all is done.
    std::string finish()
    {
        const char* what = "the names of some people, groups or activities";
        try {
            look_up_unknown(session_);
            what = "storing the reports, which are exact without it";
            refresh_reports(session_.database());
            return "";
        } catch (const TimeIsUp& e) {
            return fmt::format("{}; left: {}", e.what(), what);
        }
    }

    void report(const std::string& left) const
    {
        if (!state_.unproven.empty())
            throw ReadUnproven(state_.unproven);
        if (is_kept_ || slices_ > 1)
            log::info("{} of {} finished: {} slices in this call, {} entries", pass_.command,
                      to_text(pass_.window), slices_, entries_);
        if (!left.empty())
            log::info("{} of {}: all days are read, then {}; the next {}", pass_.command,
                      to_text(pass_.window), left,
                      pass_.goes_on_after_reading ? "call goes on there" : "sync goes on");
    }

    void end()
    {
        if (is_kept_)
            passes_.end(state_, pass_.window.until);
    }

    void keep()
    {
        passes_.keep(state_);
        is_kept_ = true;
    }

    IngestSession& session_;
    const LimitedPass& pass_;
    UnfinishedPasses passes_;
    UnfinishedPass state_;
    bool is_kept_;             // the database has it
    bool reads_lists_;         // the next slice does
    Date first_day_{};         // that this call begins with
    int slices_ = 0;           // read by this call
    std::string run_;          // of the last slice, its number in the run log
    bool has_derived_ = false; // some entries, for good
    std::uint64_t entries_ = 0;
};

} // namespace

bool read_within_limit(IngestSession& session, const LimitedPass& pass)
{
    return LimitedReader(session, pass).read();
}

} // namespace timesheetd
