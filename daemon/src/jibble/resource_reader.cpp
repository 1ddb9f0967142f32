#include "jibble/resource_reader.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

constexpr int max_readings = 4; // the first, and three more
// Of one reading. A month of a thousand agents has a fifth of it; their ids are kept meanwhile.
constexpr std::uint64_t max_rows = 5'000'000;
constexpr const char* wrong_peer = "check the JIBBLE_…_URL variables";
constexpr const char* rows_moved = "rows moved between two pages";
constexpr const char* probe = "run timesheetd probe to see how this account may be asked";

std::vector<QueryForm> forms_of(const Resource& resource)
{
    if (!resource.forms.empty())
        return resource.forms;
    QueryForm only;
    only.order = resource.order;
    only.counts = resource.counts;
    return {only};
}

// One resource may be asked for by two lists of forms.
std::string forms_key(const Resource& resource)
{
    return std::string(resource.stored_as) + ' ' + forms_of(resource).front().select;
}

// 401 and 402 are about the credentials and the plan, not about the form.
bool refuses_the_form(long status)
{
    return status == 200 || status == 400 || status == 403 || status == 404 || status == 500;
}

bool refuses_the_resource(long status)
{
    return status == 402 || status == 403 || status == 404;
}

void check_max_rows(const Resource& resource, std::uint64_t rows)
{
    if (rows > max_rows)
        throw Failure(fmt::format("{}: Jibble shows more than {} rows, the most that one window "
                                  "may have; check that its answers are Jibble's, or read "
                                  "fewer days at once",
                                  resource.stored_as, max_rows));
}

bool goes_on_without(const Resource& resource, long status)
{
    return (resource.is_optional && refuses_the_resource(status)) ||
           (resource.is_dispensable && status != 200 &&
            (refuses_the_form(status) || refuses_the_resource(status))) ||
           (resource.has_fallback && refuses_the_form(status));
}

void make_distinct(std::vector<Guid>& guids)
{
    std::sort(guids.begin(), guids.end());
    guids.erase(std::unique(guids.begin(), guids.end()), guids.end());
}

} // namespace

bool ResourceReader::read(const Resource& resource, const Keep& keep)
{
    return is_read(resource, [&](std::size_t form) { read_whole(resource, form, keep); });
}

std::optional<Page> ResourceReader::sample(const Resource& resource)
{
    Page sample;
    if (!is_read(resource, [&](std::size_t form) { sample = first_page(resource, form, 1); }))
        return std::nullopt;
    return sample;
}

bool ResourceReader::is_read(const Resource& resource,
                             const std::function<void(std::size_t form)>& attempt)
{
    if (is_given_up(resource))
        return false;
    try {
        in_an_accepted_form(resource, attempt);
    } catch (const RefusedByJibble& e) {
        if (!goes_on_without(resource, e.status))
            throw;
        if (resource.is_dispensable) // no form but the plainest is tried in the passes to come
            memory_->accepted[forms_key(resource)] = forms_of(resource).size() - 1;
        std::string text = fmt::format("{}; going on without it", e.what());
        if (resource.is_dispensable)
            text += ": what was known of it stays, and people without a time zone count in "
                    "settings.default_time_zone where nothing is";
        bool is_new =
            memory_->warned_of.insert(forms_key(resource) + fmt::format(" {}", e.status)).second;
        log::at(is_new ? log::Level::warn : log::Level::debug, "{}", text);
        return false;
    }
    return true;
}

void ResourceReader::give_up(const Resource& resource)
{
    memory_->given_up.insert(forms_key(resource));
}

bool ResourceReader::is_given_up(const Resource& resource) const
{
    return memory_->given_up.count(forms_key(resource)) > 0;
}

// Begins with the form in use. Where none is accepted, that one stays in use: it may have been an
// outage.
void ResourceReader::in_an_accepted_form(const Resource& resource,
                                         const std::function<void(std::size_t form)>& attempt)
{
    const std::vector<QueryForm> forms = forms_of(resource);
    bool selects_differ = std::any_of(forms.begin(), forms.end(), [&](const QueryForm& form) {
        return form.select != forms.front().select;
    });
    auto known = memory_->accepted.find(forms_key(resource));
    refusals_.clear();
    for (std::size_t form = known == memory_->accepted.end() ? 0 : known->second;
         form < forms.size(); ++form) {
        Refusal refusal{0, "", "", forms[form].describe(page_size_, selects_differ)};
        auto note = [&](const auto& e) {
            refusal.status = e.status;
            refusal.fact = e.fact;
            refusal.remedy = e.remedy;
            refusals_.push_back(refusal);
        };
        try {
            return attempt(form);
        } catch (const RefusedByJibble& e) {
            if (!refuses_the_form(e.status) ||
                (resource.is_optional && refuses_the_resource(e.status)))
                throw;
            note(e);
        } catch (const LastingFailure& e) {
            if (!refuses_the_form(e.status))
                throw;
            note(e);
        }
    }
    refuse();
}

void ResourceReader::accept(const Resource& resource, std::size_t form)
{
    if (!refusals_.empty()) {
        std::string refused;
        for (const Refusal& refusal : refusals_)
            append_item(refused, fmt::format("{} to {}", refusal.fact, refusal.form));
        const std::vector<QueryForm> forms = forms_of(resource);
        bool selects_differ = forms[form].select != forms.front().select;
        log::warn("{}: {}; from now on it is asked for with {}", resource.stored_as, refused,
                  forms[form].describe(page_size_, selects_differ));
        refusals_.clear();
    }
    memory_->accepted[forms_key(resource)] = form;
}

void ResourceReader::refuse() const
{
    const Refusal& last = refusals_.back();
    std::string statuses;
    for (const Refusal& refusal : refusals_)
        append_item(statuses, std::to_string(refusal.status), ", ");
    std::string fact =
        refusals_.size() == 1
            ? last.fact
            : fmt::format("{}, the last of {} forms of this query that Jibble does not accept "
                          "(it answered {})",
                          last.fact, refusals_.size(), statuses);
    throw RefusedByJibble(last.status, fact, fmt::format("{}, or {}", last.remedy, probe));
}

// In an order without ties each reading shows whether it is complete. Equal rows may be shown in
// another order each time, so that one page repeats a row and another lacks one; then the list is
// read again in smaller pages, with borders elsewhere, and what two readings show together is whole
// if it is exactly as many rows as the list has places.
void ResourceReader::read_whole(const Resource& resource, std::size_t form, const Keep& keep)
{
    const QueryForm the_form = forms_of(resource)[form];
    long top = std::min(page_size_, the_form.largest_page);
    Reading before;
    for (int number = 1;; ++number) {
        Reading reading = read_once(resource, form, top, keep);
        if (reading.incomplete_because.empty())
            return;
        if (the_form.has_ties() && reading.rows > 0 && reading.rows == before.rows) {
            reading.guids.insert(reading.guids.end(), before.guids.begin(), before.guids.end());
            make_distinct(reading.guids);
            if (reading.distinct() == reading.least && reading.least == before.least)
                return;
        }
        if (number == max_readings)
            throw Failure(fmt::format("{} could not be read whole in {} readings: {}; start again "
                                      "when fewer changes are being made, or {}",
                                      resource.stored_as, number, reading.incomplete_because,
                                      probe));
        log::info("{}: {}; reading it again", resource.stored_as, reading.incomplete_because);
        if (the_form.has_ties()) {
            long page = std::min(top, static_cast<long>(reading.largest_page));
            top = std::max(page - page / 8 - 1, 2L);
        }
        before = std::move(reading);
    }
}

// Says why rows may be missing; nothing if none can be.
//
//   a b c d | skip 0          Each page but the first begins with the last row of the one before.
//         d e f g | skip 3    If it does not, rows came or went in between, also where as many came
//               g | skip 6    as went. A page with nothing else is the end.
ResourceReader::Reading ResourceReader::read_once(const Resource& resource, std::size_t form,
                                                  long top, const Keep& keep)
{
    const bool has_ties = forms_of(resource)[form].has_ties();
    ReadingProgress progress;
    Reading reading;
    Page before; // its marks, once there is one
    bool count_changed = false;
    bool has_moved = false;
    for (std::size_t overlap = 0;;) {
        check_stop();
        Page page = progress.rows == 0 ? first_page(resource, form, top)
                                       : this->page(resource, form, progress.rows - overlap, top);
        if (progress.rows > 0 && page.count && page.count != progress.count)
            count_changed = true;
        if (page.count)
            progress.count = page.count;
        if (overlap && (page.rows == 0 || !(page.first == before.last))) {
            has_moved = true;
            // Only among equal rows it may still be complete.
            if (!has_ties || page.rows == 0) {
                reading.incomplete_because = rows_moved;
                return reading;
            }
        }
        if (!overlap && page.rows > 0 && progress.rows > 0 &&
            page.fingerprint == before.fingerprint) {
            reading.incomplete_because = "the same page came twice";
            return reading;
        }
        progress.rows += page.rows - overlap;
        reading.add(page, overlap, before.last);
        keep(page, progress);
        if (page.rows == 0)
            break;
        check_max_rows(resource, progress.rows);
        // Neither a short page nor the count alone is the end: the server may give fewer rows than
        // were asked for, and its count may be too low.
        bool brought_nothing = page.rows == overlap;
        if (brought_nothing &&
            (progress.count ? progress.rows >= *progress.count : reading.largest_page > 1))
            break;
        // Where the server gives one row at a time, the one before leaves no room for another.
        overlap = brought_nothing ? 0 : 1;
        before.last = page.last;
        before.fingerprint = page.fingerprint;
    }
    reading.finish(progress, count_changed, has_moved);
    return reading;
}

void ResourceReader::Reading::add(const Page& page, std::size_t overlap, const RowMark& last_before)
{
    without_guid += page.rows - page.guids.size() - (last_before.has_guid ? 0 : overlap);
    guids.insert(guids.end(), page.guids.begin(), page.guids.end());
    largest_page = std::max(largest_page, page.rows);
}

void ResourceReader::Reading::finish(const ReadingProgress& progress, bool count_changed,
                                     bool has_moved)
{
    make_distinct(guids);
    if (count_changed) {
        incomplete_because = "the number of rows changed between two pages";
        return;
    }
    // As many places without a row seen twice are as many rows, also where there is no count.
    rows = progress.rows;
    least = std::max(progress.rows, progress.count.value_or(0));
    if (distinct() < least)
        incomplete_because = fmt::format("{} of {} rows came", distinct(), least);
    else if (has_moved)
        incomplete_because = rows_moved;
}

// Whether a form is honoured is seen by its first page.
Page ResourceReader::first_page(const Resource& resource, std::size_t form, long top)
{
    Page first = page(resource, form, 0, top);
    bool is_list_of_objects = !first.guids.empty() || (first.has_objects && first.rows == 1);
    if (first.rows > 0 && !resource.forms.empty() && !is_list_of_objects)
        throw RefusedByJibble(
            200,
            fmt::format("Jibble answered 200 for {} with a list of {} rows, none with an id",
                        resource.stored_as, first.rows),
            wrong_peer);
    if (first.rows > 0 && !first.names_members)
        throw RefusedByJibble(200,
                              fmt::format("Jibble answered 200 for {} but left out {}",
                                          resource.stored_as, fmt::join(resource.members, ", ")),
                              wrong_peer);
    accept(resource, form);
    return first;
}

Page ResourceReader::page(const Resource& resource, std::size_t form, std::uint64_t skip, long top)
{
    const QueryForm the_form = forms_of(resource)[form];
    return fetch_(in_form(resource, the_form), the_form.select, skip,
                  std::min(top, the_form.largest_page));
}

} // namespace timesheetd
