// What timesheetd check prints: a line for each piece.
#pragma once

#include <functional>
#include <string>

namespace timesheetd
{

class CheckReport
{
  public:
    // `test` says what it found, or throws what is wrong and the remedy.
    void piece(const char* name, const std::function<std::string()>& test);
    void failure(const char* name, const std::string& text);
    void line(const char* state, const char* name, const std::string& text);
    int failed() const { return failed_; }

  private:
    int failed_ = 0;
};

} // namespace timesheetd
