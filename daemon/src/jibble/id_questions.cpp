#include "jibble/id_questions.hpp"

#include <algorithm>

#include "process/log.hpp"
#include "process/signals.hpp"
#include "text/joined.hpp"

namespace timesheetd
{

namespace
{

// One may be deleted between the list and the question; hardly three.
constexpr std::size_t max_witnesses = 3;
// One more than can come, to see a server that overlooks the filter.
constexpr long rows_requested = 2;

struct Form {
    const char* words;
    std::string condition; // added to the id
    bool finds_undated = true;
    const char* order = ""; // the plainest question has none, as a server may refuse one
    bool is_by_key = false; // "Groups(id)": answered 404 where there is no such object
};

// Nothing in the documentation says that an entry can be asked for without a date; one client says
// that nothing comes then. Jibble's dates and times are all within these bounds. People, groups and
// activities have no such condition; they are asked for in an order that their lists are known to
// accept, and as OData has it by their key, by which Jibble deletes entries.
std::vector<Form> forms_of(const Resource& resource)
{
    std::vector<Form> forms{{"by id", ""}};
    std::string name = resource.stored_as;
    if (name == "TimeEntries") {
        forms.push_back({"by id and date",
                         " and belongsToDate ge 1900-01-01 and belongsToDate le 2999-12-31",
                         false});
        forms.push_back({"by id and time",
                         " and time ge 1900-01-01T00:00:00Z and time le 2999-12-31T00:00:00Z"});
    } else if (name == "HourEntries") {
        forms.push_back(
            {"by id and date", " and date ge 1900-01-01 and date le 2999-12-31", false});
    } else {
        for (const QueryForm& list : resource.forms)
            if (*list.order && list.has_ties()) { // the documented one
                forms.push_back({"by id in order", "", true, list.order});
                break;
            }
        forms.push_back({"by key", "", true, "", true});
    }
    return forms;
}

std::string in_words(const std::vector<std::pair<std::string, std::string>>& tried)
{
    std::string words;
    for (const auto& [forms, why] : tried)
        append_item(words, fmt::format("{}: {}", forms, why));
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

void IdQuestions::set_witnesses(const Resource& resource, const std::vector<Guid>& living)
{
    witnesses_[resource.stored_as] = living;
    proven_.erase({resource.stored_as, Dating::dated});
    proven_.erase({resource.stored_as, Dating::undated});
}

bool IdQuestions::can_prove(const Resource& resource) const
{
    auto kept = witnesses_.find(resource.stored_as);
    return kept != witnesses_.end() && !kept->second.empty();
}

bool IdQuestions::is_proven(const Resource& resource)
{
    if (!can_prove(resource))
        return false;
    Key key(resource.stored_as, Dating::dated);
    try {
        if (proven_.count(key) == 0)
            prove(resource, Dating::dated);
    } catch (const Unproven&) {
        return false;
    }
    proven_.insert(key);
    return true;
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
        throw QuestionsRefused(fmt::format("{}; asked for {} by its id, so nothing was "
                                           "deleted; run timesheetd probe",
                                           e.fact, to_text(id)));
    }
}

// The one that found something last, in any pass of this process; else the first.
std::size_t IdQuestions::form_in_use(const Resource& resource, Dating dating) const
{
    auto found = memory_.forms.find({resource.stored_as, dating});
    return found == memory_.forms.end() ? 0 : found->second;
}

void IdQuestions::prove(const Resource& resource, Dating dating)
{
    std::vector<Form> forms = forms_of(resource);
    std::vector<std::size_t> order{form_in_use(resource, dating)};
    for (std::size_t form = 0; form < forms.size(); ++form)
        if (form != order.front() && suits(forms[form], dating))
            order.push_back(form);
    std::vector<std::pair<std::string, std::string>> tried; // forms, and what came of them
    bool was_answered = false;
    for (std::size_t form : order) {
        std::optional<FormProblem> problem = problem_of(resource, form);
        if (!problem) {
            if (!tried.empty())
                log::warn("{}: asked {} from now on, as it finds nothing otherwise ({})",
                          resource.stored_as, forms[form].words, in_words(tried));
            memory_.forms[{resource.stored_as, dating}] = form;
            return;
        }
        was_answered = was_answered || !problem->is_refusal;
        if (!tried.empty() && tried.back().second == problem->why)
            tried.back().first += std::string(", ") + forms[form].words;
        else
            tried.emplace_back(forms[form].words, problem->why);
    }
    if (!was_answered)
        throw QuestionsRefused(fmt::format("{}: Jibble refuses every query for one by its id, so "
                                           "nothing was deleted; run timesheetd probe "
                                           "({})",
                                           resource.stored_as, in_words(tried)));
    throw Unproven(fmt::format("{}: no form of query finds an object that is known to exist, so "
                               "nothing was deleted; run timesheetd probe ({})",
                               resource.stored_as, in_words(tried)));
}

void IdQuestions::confirm(const Resource& resource, Dating dating)
{
    std::optional<FormProblem> problem = problem_of(resource, form_in_use(resource, dating));
    if (!problem)
        return;
    std::string text =
        fmt::format("{}: the query no longer finds an object that is known to exist, "
                    "so nothing was deleted ({}); start again, and if it happens "
                    "again run timesheetd probe",
                    resource.stored_as, problem->why);
    if (problem->is_refusal)
        throw QuestionsRefused(text);
    throw Unproven(text);
}

std::optional<Page> IdQuestions::find_by_any(const Resource& resource, const Guid& id)
{
    std::string refusal;
    bool was_answered = false;
    std::vector<Form> forms = forms_of(resource);
    for (std::size_t form = 0; form < forms.size(); ++form) {
        try {
            if (std::optional<Page> page = ask(resource, id, form))
                return page;
            // A 404 may as well mean that nothing can be asked for by its key.
            was_answered = was_answered || !forms[form].is_by_key;
        } catch (const RefusedByJibble& e) {
            refusal = e.fact;
        }
    }
    if (!was_answered)
        throw QuestionsRefused(fmt::format("{}; asked for {} by its id, so nothing was "
                                           "deleted; run timesheetd probe",
                                           refusal, to_text(id)));
    return std::nullopt;
}

void IdQuestions::warn_once(const Resource& resource, const Unproven& why, const std::string& so)
{
    if (memory_.warned_of.insert(resource.stored_as).second)
        log::warn("{}; {}", why.what(), so);
    else
        log::debug("{}; {}", why.what(), so);
}

std::optional<Page> IdQuestions::ask(const Resource& resource, const Guid& id, std::size_t form)
{
    check_stop();
    Form the_form = forms_of(resource)[form];
    Resource one = resource;
    one.filter.clear();
    if (the_form.is_by_key)
        one.key = to_text(id);
    else
        one.filter = "id eq " + to_text(id) + the_form.condition;
    one.order = the_form.order;
    one.counts = false; // a server may refuse it
    ++asked_;
    Page page;
    try {
        page = fetched(one);
    } catch (const RefusedByJibble& e) {
        if (the_form.is_by_key && e.status == 404)
            return std::nullopt;
        throw;
    }
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
        return fetch_(one, one.forms.empty() ? "" : one.forms.back().select, 0, rows_requested);
    } catch (const LastingFailure& e) {
        if (e.status != 500 && e.status != 200)
            throw;
        throw RefusedByJibble(e.status, e.fact, e.remedy);
    }
}

std::optional<IdQuestions::FormProblem> IdQuestions::problem_of(const Resource& resource,
                                                                std::size_t form)
{
    if (!can_prove(resource))
        return FormProblem{"nothing is listed"};
    for (const Guid& id : witnesses_.at(resource.stored_as)) {
        try {
            if (ask(resource, id, form))
                return std::nullopt;
        } catch (const RefusedByJibble& e) {
            return FormProblem{e.fact, true}; // as it would be for another one
        }
    }
    if (forms_of(resource)[form].is_by_key)
        return FormProblem{fmt::format("Jibble answered 404 for {}", resource.stored_as), true};
    return FormProblem{"nothing was found"};
}

} // namespace timesheetd
