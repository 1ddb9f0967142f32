#include "jibble/odata_page.hpp"

#include <charconv>
#include <string>

#include <fmt/format.h>

#include "jibble/deny_list.hpp"
#include "text/guid.hpp"
#include "text/json_prelude.hpp"
#include "text/json_text_stream.hpp"

namespace timesheetd
{

namespace
{

// Deeper nesting only costs memory; PostgreSQL takes much less.
constexpr std::size_t deepest = 1'000'000;
constexpr const char* blanks = " \t\r\n";

// An element's text while members are cut out of it.
//
//   {"a":1,"pin":2,"b":3}     the comma after it goes too
//         [-----](,)
//   {"a":1,"pin":2}           it is the last: the comma before it goes, if one was kept
//        (,)[-----]
class CutText
{
  public:
    void restart(std::size_t begin)
    {
        kept_.clear();
        copied_ = begin;
        has_cuts_ = false;
    }

    void cut(std::string_view page, std::size_t begin, std::size_t end)
    {
        has_cuts_ = true;
        kept_.append(page.substr(copied_, begin - copied_));
        std::size_t next = page.find_first_not_of(blanks, end);
        if (next != std::string_view::npos && page[next] == ',') {
            kept_.append(page.substr(end, next - end));
            copied_ = next + 1;
            return;
        }
        std::size_t last = kept_.find_last_not_of(blanks);
        if (last != std::string::npos && kept_[last] == ',')
            kept_.erase(last, 1);
        copied_ = end;
    }

    // The element's text, from `begin` to `end` in the page.
    std::string_view finish(std::string_view page, std::size_t begin, std::size_t end)
    {
        if (!has_cuts_)
            return page.substr(begin, end - begin);
        kept_.append(page.substr(copied_, end - copied_));
        return kept_;
    }

  private:
    std::string kept_;
    std::size_t copied_ = 0;
    bool has_cuts_ = false;
};

// Follows the reader through the page. Depths: 1 in the envelope, 2 in the array "value", 3 in an
// element that is an object.
class PageHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PageHandler>
{
  public:
    PageHandler(std::string_view page, const JsonTextStream& stream,
                const std::function<void(const PageObject&)>& each)
        : page_(page), stream_(stream), each_(each)
    {
    }

    bool Default()
    {
        begin_value(no_bracket);
        return end_value(stream_.Tell());
    }
    bool Uint(unsigned)
    {
        take_count(stream_.last_number());
        return Default();
    }
    bool String(const char* text, rapidjson::SizeType length, bool)
    {
        std::string_view value(text, length);
        take_count(value);
        if (is_id_ && depth_ == 3 && parse_guid(value))
            id_ = value;
        return Default();
    }
    bool Key(const char* text, rapidjson::SizeType length, bool)
    {
        std::string_view key(text, length);
        if (depth_ == 1)
            member_ = key == "value"          ? Member::value
                      : key == "@odata.count" ? Member::count
                                              : Member::other;
        if (!in_value_)
            return true;
        is_id_ = depth_ == 3 && key == "id";
        if (is_id_)
            id_.reset(); // of two, the last one counts, as in PostgreSQL
        if (cut_depth_ == 0 && is_denied(key)) {
            cut_depth_ = depth_;
            cut_begin_ = stream_.string_begin();
        }
        return true;
    }
    bool StartObject() { return start(); }
    bool StartArray()
    {
        if (depth_ == 1 && member_ == Member::value) {
            in_value_ = true;
            has_value_ = true;
            after_last_ = stream_.Tell() + 1;
        }
        return start();
    }
    bool EndObject(rapidjson::SizeType) { return finish(); }
    bool EndArray(rapidjson::SizeType)
    {
        if (depth_ == 2)
            in_value_ = false;
        return finish();
    }

    bool has_value() const { return has_value_; }
    const PageEnvelope& envelope() const { return envelope_; }

  private:
    enum class Member { other, value, count };
    static constexpr std::size_t no_bracket = std::string_view::npos;

    bool start()
    {
        begin_value(stream_.Tell());
        return ++depth_ <= deepest;
    }

    bool finish()
    {
        --depth_;
        return end_value(stream_.Tell() + 1);
    }

    void begin_value(std::size_t bracket)
    {
        if (!in_value_ || depth_ != 2)
            return;
        // The reader reports numbers and words only when it is past them.
        begin_ = bracket != no_bracket ? bracket : page_.find_first_not_of(" \t\r\n,", after_last_);
        cut_.restart(begin_);
    }

    bool end_value(std::size_t end)
    {
        is_id_ = false;
        if (!in_value_)
            return true;
        if (cut_depth_ != 0 && cut_depth_ == depth_) {
            cut_.cut(page_, cut_begin_, end);
            cut_depth_ = 0;
        }
        if (depth_ == 2) {
            PageObject object;
            if (id_)
                object.id = *id_;
            object.text = cut_.finish(page_, begin_, end);
            ++envelope_.rows;
            each_(object);
            id_.reset();
            after_last_ = end;
        }
        return true;
    }

    void take_count(std::string_view digits)
    {
        std::uint64_t count = 0;
        const char* end = digits.data() + digits.size();
        if (depth_ != 1 || member_ != Member::count)
            return;
        auto [stopped, error] = std::from_chars(digits.data(), end, count);
        if (error == std::errc() && stopped == end)
            envelope_.count = count;
    }

    std::string_view page_;
    const JsonTextStream& stream_;
    const std::function<void(const PageObject&)>& each_;
    PageEnvelope envelope_;
    Member member_ = Member::other;
    std::size_t depth_ = 0;
    bool in_value_ = false;
    bool has_value_ = false;
    std::size_t begin_ = 0;      // of the element
    std::size_t after_last_ = 0; // end of the element before
    bool is_id_ = false;
    std::optional<std::string> id_;
    std::size_t cut_depth_ = 0; // of the object whose member is being cut; 0: none is
    std::size_t cut_begin_ = 0;
    CutText cut_;
};

} // namespace

PageEnvelope scan_page(std::string_view text, const std::function<void(const PageObject&)>& each)
{
    JsonTextStream stream(text);
    PageHandler handler(text, stream, each);
    rapidjson::Reader reader;
    // Iterative: nesting must not use up the call stack.
    auto result = reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
    if (result.Code() == rapidjson::kParseErrorTermination)
        throw MalformedPage(fmt::format("the JSON is nested more than {} deep", deepest));
    if (result.IsError())
        throw MalformedPage(fmt::format("not JSON: {} at byte {} of {}",
                                        rapidjson::GetParseError_En(result.Code()), result.Offset(),
                                        text.size()));
    if (!handler.has_value())
        throw MalformedPage("the JSON has no array \"value\"");
    return handler.envelope();
}

} // namespace timesheetd
