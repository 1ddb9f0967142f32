#include "array_literal.hpp"

namespace timesheetd
{

void ArrayLiteral::add(std::optional<std::string_view> element)
{
    if (text_.size() > 1)
        text_ += ',';
    if (!element) {
        text_ += "NULL";
        return;
    }
    text_ += '"';
    // Quoted, only these two need a backslash.
    std::size_t copied = 0;
    for (std::size_t at = 0; at < element->size(); ++at) {
        if ((*element)[at] != '"' && (*element)[at] != '\\')
            continue;
        text_.append(*element, copied, at - copied);
        text_ += '\\';
        copied = at;
    }
    text_.append(*element, copied);
    text_ += '"';
}

void ArrayLiteral::append(const ArrayLiteral& other)
{
    if (other.text_.size() == 1)
        return;
    if (text_.size() > 1)
        text_ += ',';
    text_.append(other.text_, 1);
}

const char* ArrayLiteral::c_str()
{
    if (!is_closed_)
        text_ += '}';
    is_closed_ = true;
    return text_.c_str();
}

} // namespace timesheetd
