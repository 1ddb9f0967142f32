#include "id_questions.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "stop.hpp"

namespace timesheetd
{

namespace
{

// One may be deleted between the list and the question; hardly three.
constexpr std::size_t max_witnesses = 3;
// One more than can come, to see a server that overlooks the filter.
constexpr long rows_asked = 2;

struct Form {
    const char* words;
    std::string condition; // beside the id
    bool finds_undated;
};

// Nothing in the documentation says that an entry can be asked for without a date; one client says
// that nothing comes then. Jibble's dates and times are all within these bounds.
std::vector<Form> forms_of(const Resource& resource)
{
    std::vector<Form> forms{{"by id", "", true}};
    std::string name = resource.stored_as;
    if (name == "TimeEntries") {
        forms.push_back({"by id and date",
                         " and belongsToDate ge 1900-01-01 and belongsToDate le 2999-12-31",
                         false});
        forms.push_back({"by id and time",
                         " and time ge 1900-01-01T00:00:00Z and time le 2999-12-31T00:00:00Z",
                         true});
    } else if (name == "HourEntries") {
        forms.push_back(
            {"by id and date", " and date ge 1900-01-01 and date le 2999-12-31", false});
    }
    return forms;
}

std::string in_words(const std::vector<std::pair<std::string, std::string>>& tried)
{
    std::string words;
    for (const auto& [forms, why] : tried)
        words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", forms, why);
    return words;
}

bool suits(const Form& form, Dating dating)
{
    return dating == Dating::dated || form.finds_undated;
}

} // namespace

void IdQuestions::set_listed(const Resource& resource, const std::vector<Guid>& listed)
{
    std::vector<Guid>& kept = witnesses_[resource.stored_as];
    kept.clear();
    proven_.erase({resource.stored_as, Dating::dated});
    proven_.erase({resource.stored_as, Dating::undated});
    std::size_t step = std::max<std::size_t>(1, listed.size() / max_witnesses);
    for (std::size_t i = 0; i < listed.size() && kept.size() < max_witnesses; i += step)
        kept.push_back(listed[i]);
    if (resource.filter.empty())
        listed_[resource.stored_as] = std::set<Guid>(listed.begin(), listed.end());
}

bool IdQuestions::can_prove(const Resource& resource) const
{
    auto kept = witnesses_.find(resource.stored_as);
    return kept != witnesses_.end() && !kept->second.empty();
}

bool IdQuestions::was_listed(const Resource& resource, const Guid& id) const
{
    auto listed = listed_.find(resource.stored_as);
    return listed != listed_.end() && listed->second.count(id) > 0;
}

std::optional<Page> IdQuestions::find(const Resource& resource, const Guid& id, Dating dating)
{
    Key key(resource.stored_as, dating);
    if (proven_.count(key) == 0) {
        // What is found needs no proof.
        try {
            if (std::optional<Page> page = ask(resource, id, form_in_use(resource, dating)))
                return page;
        } catch (const RefusedByJibble&) { // another form may do
        }
        prove(resource, dating);
        proven_.insert(key);
    }
    try {
        return ask(resource, id, form_in_use(resource, dating));
    } catch (const RefusedByJibble& e) {
        throw Unproven(fmt::format("{}; asked for {} by its id, so nothing was taken as deleted; "
                                   "run timesheetd probe",
                                   e.fact, to_text(id)));
    }
}

// The one that found something last, in whatever pass of this process; else the first.
std::size_t IdQuestions::form_in_use(const Resource& resource, Dating dating) const
{
    auto found = forms_.find({resource.stored_as, dating});
    return found == forms_.end() ? 0 : found->second;
}

void IdQuestions::prove(const Resource& resource, Dating dating)
{
    std::vector<Form> forms = forms_of(resource);
    std::vector<std::size_t> order{form_in_use(resource, dating)};
    for (std::size_t form = 0; form < forms.size(); ++form)
        if (form != order.front() && suits(forms[form], dating))
            order.push_back(form);
    std::vector<std::pair<std::string, std::string>> tried; // forms, and what came of them
    for (std::size_t form : order) {
        std::string why = why_unproven(resource, form);
        if (why.empty()) {
            if (!tried.empty())
                spdlog::warn("{}: asked {} from now on, as it finds nothing otherwise ({})",
                             resource.stored_as, forms[form].words, in_words(tried));
            forms_[{resource.stored_as, dating}] = form;
            return;
        }
        if (!tried.empty() && tried.back().second == why)
            tried.back().first += std::string(", ") + forms[form].words;
        else
            tried.emplace_back(forms[form].words, why);
    }
    throw Unproven(fmt::format("{}: no question finds what Jibble has just listed, so nothing was "
                               "taken as deleted; run timesheetd probe ({})",
                               resource.stored_as, in_words(tried)));
}

void IdQuestions::confirm(const Resource& resource, Dating dating)
{
    std::string why = why_unproven(resource, form_in_use(resource, dating));
    if (!why.empty())
        throw Unproven(fmt::format("{}: a question does not find any more what Jibble has just "
                                   "listed, so nothing was taken as deleted ({}); start again, and "
                                   "if it stays so run timesheetd probe",
                                   resource.stored_as, why));
}

std::optional<Page> IdQuestions::find_by_any(const Resource& resource, const Guid& id)
{
    std::string refusal;
    bool was_answered = false;
    for (std::size_t form = 0; form < forms_of(resource).size(); ++form) {
        try {
            if (std::optional<Page> page = ask(resource, id, form))
                return page;
            was_answered = true;
        } catch (const RefusedByJibble& e) {
            refusal = e.fact;
        }
    }
    if (!was_answered)
        throw Unproven(fmt::format("{}; asked for {} by its id, so nothing was taken as deleted; "
                                   "run timesheetd probe",
                                   refusal, to_text(id)));
    return std::nullopt;
}

std::optional<Page> IdQuestions::ask(const Resource& resource, const Guid& id, std::size_t form)
{
    check_stop();
    Resource one = resource;
    one.filter = "id eq " + to_text(id) + forms_of(resource)[form].condition;
    // The plainest question: a server may refuse an order, a count or some members.
    one.order = "";
    one.counts = false;
    ++asked_;
    Page page = fetched(one);
    if (page.rows == 0)
        return std::nullopt;
    if (page.rows > 1 || page.guids.empty() || page.guids.front() != id)
        throw RefusedByJibble(200,
                              fmt::format("Jibble answered with other objects of {} than asked for",
                                          resource.stored_as),
                              "run timesheetd probe");
    return page;
}

// A 500 that stays is a refusal as well, and so is an answer of another shape.
Page IdQuestions::fetched(const Resource& one)
{
    try {
        return fetch_(one, one.forms.empty() ? "" : one.forms.back().select, 0, rows_asked);
    } catch (const LastingFailure& e) {
        if (e.status != 500 && e.status != 200)
            throw;
        throw RefusedByJibble(e.status, e.fact, e.advice);
    }
}

std::string IdQuestions::why_unproven(const Resource& resource, std::size_t form)
{
    if (!can_prove(resource))
        return "nothing is listed";
    for (const Guid& id : witnesses_.at(resource.stored_as)) {
        try {
            if (ask(resource, id, form))
                return "";
        } catch (const RefusedByJibble& e) {
            return e.fact; // as it would be for another one
        }
    }
    return "nothing came";
}

} // namespace timesheetd
