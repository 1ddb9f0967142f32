#include "array_literal.hpp"

namespace timesheetd
{

void ArrayLiteral::add(std::string_view element)
{
    text_ += text_.size() > 1 ? ",\"" : "\"";
    // Quoted, only these two need a backslash.
    for (std::size_t copied = 0;;) {
        std::size_t special = element.find_first_of("\"\\", copied);
        text_.append(element.substr(copied, special - copied));
        if (special == std::string_view::npos)
            break;
        text_ += '\\';
        text_ += element[special];
        copied = special + 1;
    }
    text_ += '"';
}

void ArrayLiteral::add_null()
{
    text_ += text_.size() > 1 ? ",NULL" : "NULL";
}

const char* ArrayLiteral::c_str()
{
    if (!closed_)
        text_ += '}';
    closed_ = true;
    return text_.c_str();
}

} // namespace timesheetd
