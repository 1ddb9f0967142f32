#include "postgres/text_array.hpp"

namespace timesheetd
{

namespace
{

constexpr std::uint32_t text_oid = 25;
constexpr std::uint32_t null_length = 0xffffffff;

void put(char* at, std::uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = static_cast<char>(number >> shift);
}

void add_number(std::string& bytes, std::uint32_t number)
{
    char four[4];
    put(four, number);
    bytes.append(four, sizeof four);
}

} // namespace

void TextArray::add(std::optional<std::string_view> element)
{
    ++count_;
    if (!element) {
        has_nulls_ = true;
        add_number(bytes_, null_length);
        return;
    }
    add_number(bytes_, static_cast<std::uint32_t>(element->size()));
    bytes_ += *element;
}

std::string_view TextArray::bytes()
{
    put(&bytes_[0], count_ == 0 ? 0 : 1);
    put(&bytes_[4], has_nulls_ ? 1 : 0);
    put(&bytes_[8], text_oid);
    put(&bytes_[12], count_);
    put(&bytes_[16], 1);
    // Without elements there is no dimension, so nothing of its size either.
    return count_ == 0 ? std::string_view(bytes_).substr(0, 12) : bytes_;
}

} // namespace timesheetd
