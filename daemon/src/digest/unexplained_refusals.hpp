// The e-mails of one pass that were refused for a reason that is not known: the e-mail, or what all
// have in common. The first that is accepted shows which.
#pragma once

#include <string>
#include <vector>

namespace timesheetd
{

class UnexplainedRefusals
{
  public:
    void add(const std::string& delivery, const std::string& error);
    // Another e-mail was accepted: those that wait failed alone, as will later ones of this pass.
    void accept();

    bool has_accepted() const { return has_accepted_; }
    // Whether the pass is to stop, as no e-mail was accepted among the last ten.
    bool are_enough() const { return in_a_row_ >= max_in_a_row; }
    // Deliveries that were returned to the queue, until one is accepted.
    const std::vector<std::string>& waiting() const { return waiting_; }
    const std::string& last_error() const { return last_error_; }

    static constexpr int max_in_a_row = 10;

  private:
    bool has_accepted_ = false;
    int in_a_row_ = 0;
    std::vector<std::string> waiting_;
    std::string last_error_;
};

} // namespace timesheetd
