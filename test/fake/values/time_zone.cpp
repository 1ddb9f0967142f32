#include "values/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace fake
{

namespace
{

constexpr int last_expanded_year = 2100;

// A reader that refuses to run past the end of the file's bytes.
class Bytes
{
  public:
    explicit Bytes(std::string text) : text_(std::move(text)) {}

    std::int64_t number(int width)
    {
        need(static_cast<std::size_t>(width));
        std::uint64_t value = static_cast<signed char>(text_[at_]) < 0 ? ~0ULL : 0;
        for (int i = 0; i < width; ++i)
            value = value << 8 | static_cast<unsigned char>(text_[at_++]);
        return static_cast<std::int64_t>(value);
    }

    void skip(std::size_t count)
    {
        need(count);
        at_ += count;
    }

    std::string rest() const { return text_.substr(at_); }

  private:
    void need(std::size_t count) const
    {
        if (text_.size() - at_ < count)
            throw std::runtime_error("time zone file ends too early");
    }

    std::string text_;
    std::size_t at_ = 0;
};

struct Header {
    std::size_t utc_flags, std_flags, leaps, changes, types, characters;
};

Header read_header(Bytes& bytes)
{
    if (bytes.number(4) != 0x545a6966) // "TZif"
        throw std::runtime_error("not a time zone file");
    bytes.skip(16);
    Header header;
    for (std::size_t* field : {&header.utc_flags, &header.std_flags, &header.leaps, &header.changes,
                               &header.types, &header.characters})
        *field = static_cast<std::size_t>(bytes.number(4));
    return header;
}

// The POSIX TZ text behind the tables: offsets and, with DST, two yearly rules.
class Footer
{
  public:
    explicit Footer(const std::string& text) : at_(text.c_str()) {}

    void name()
    {
        if (*at_ == '<')
            at_ = std::strchr(at_, '>') + 1;
        else
            while (std::isalpha(static_cast<unsigned char>(*at_)))
                ++at_;
    }

    bool more() const { return *at_ != '\0'; }
    bool at_comma() const { return *at_ == ','; }
    void skip() { ++at_; }

    // [+-]h[:mm[:ss]] in seconds
    int clock()
    {
        int sign = *at_ == '-' ? -1 : 1;
        if (*at_ == '-' || *at_ == '+')
            ++at_;
        int total = number() * 3600;
        for (int unit = 60; *at_ == ':' && unit > 0; unit /= 60) {
            ++at_;
            total += number() * unit;
        }
        return sign * total;
    }

    // "Mm.w.d[/time]": the w-th weekday d of month m
    struct Rule {
        int month, week, day, time;
    };
    Rule rule()
    {
        if (*at_ != 'M')
            throw std::runtime_error("unsupported rule in a time zone file");
        ++at_;
        Rule rule{number(), 0, 0, 2 * 3600};
        skip();
        rule.week = number();
        skip();
        rule.day = number();
        if (*at_ == '/') {
            ++at_;
            rule.time = clock();
        }
        return rule;
    }

  private:
    int number()
    {
        char* end;
        long value = std::strtol(at_, &end, 10);
        at_ = end;
        return static_cast<int>(value);
    }

    const char* at_;
};

Micros local_time_of(const Footer::Rule& rule, int year)
{
    Days first = days_from_date(year, rule.month, 1);
    Days next_month =
        rule.month == 12 ? days_from_date(year + 1, 1, 1) : days_from_date(year, rule.month + 1, 1);
    Days date = first + (rule.day + 7 - weekday(first) % 7) % 7 + (rule.week - 1) * 7;
    while (date >= next_month)
        date -= 7;
    return date * days + rule.time * seconds;
}

} // namespace

TimeZone::TimeZone(const std::string& name) : name_(name)
{
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    if (!file)
        throw std::runtime_error("no time zone file for " + name);
    Bytes bytes(std::string(std::istreambuf_iterator<char>(file), {}));
    Header old = read_header(bytes);
    bytes.skip(old.changes * 5 + old.types * 6 + old.characters + old.leaps * 8 + old.std_flags +
               old.utc_flags);
    Header header = read_header(bytes);
    std::vector<Micros> instants(header.changes);
    for (Micros& instant : instants) {
        // The first entry can be the "big bang", far outside what microseconds can hold.
        std::int64_t second = bytes.number(8);
        instant = std::max<std::int64_t>(second, -4'000'000'000LL) * seconds;
    }
    std::vector<std::size_t> types(header.changes);
    for (std::size_t& type : types)
        type = static_cast<std::size_t>(bytes.number(1));
    std::vector<int> offsets(header.types);
    for (int& offset : offsets) {
        offset = static_cast<int>(bytes.number(4));
        bytes.skip(2);
    }
    bytes.skip(header.characters + header.leaps * 12 + header.std_flags + header.utc_flags);
    if (offsets.empty())
        throw std::runtime_error("time zone file without offsets: " + name);
    first_offset_ = offsets.front();
    for (std::size_t i = 0; i < instants.size(); ++i)
        changes_.push_back({instants[i], offsets.at(types[i])});
    std::string footer = bytes.rest();
    footer.erase(std::remove(footer.begin(), footer.end(), '\n'), footer.end());
    append_footer_rules(footer);
}

// Slim files stop at the last change of law; the yearly rules go on in the footer.
void TimeZone::append_footer_rules(const std::string& text)
{
    if (text.empty())
        return;
    Footer footer(text);
    footer.name();
    int standard = -footer.clock();
    if (!footer.more())
        return;
    footer.name();
    int summer = footer.at_comma() ? standard + 3600 : -footer.clock();
    footer.skip();
    Footer::Rule start = footer.rule();
    footer.skip();
    Footer::Rule end = footer.rule();
    Micros last = changes_.empty() ? 0 : changes_.back().at;
    std::vector<Change> yearly;
    for (int year = year_of(date_of(last)); year <= last_expanded_year; ++year) {
        yearly.push_back({local_time_of(start, year) - standard * seconds, summer});
        yearly.push_back({local_time_of(end, year) - summer * seconds, standard});
    }
    std::sort(yearly.begin(), yearly.end(),
              [](const Change& a, const Change& b) { return a.at < b.at; });
    for (const Change& change : yearly)
        if (change.at > last)
            changes_.push_back(change);
}

int TimeZone::offset_at(Micros instant) const
{
    auto after = std::upper_bound(changes_.begin(), changes_.end(), instant,
                                  [](Micros at, const Change& change) { return at < change.at; });
    return after == changes_.begin() ? first_offset_ : std::prev(after)->offset;
}

Micros TimeZone::to_utc(Micros local) const
{
    int before = offset_at(local - days);
    int after = offset_at(local + days);
    for (int offset : {before, after})
        if (offset_at(local - offset * seconds) == offset)
            return local - offset * seconds;
    return local - before * seconds;
}

std::vector<Micros> TimeZone::changes(Micros from, Micros until) const
{
    std::vector<Micros> found;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        int before = i == 0 ? first_offset_ : changes_[i - 1].offset;
        if (changes_[i].at >= from && changes_[i].at < until && changes_[i].offset != before)
            found.push_back(changes_[i].at);
    }
    return found;
}

} // namespace fake
