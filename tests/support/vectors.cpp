// SPDX-License-Identifier: BSD-3-Clause
#include "support/vectors.hpp"

#include <charconv>
#include <fstream>
#include <istream>

namespace kcapi::test {

namespace {

std::string_view trimmed(std::string_view s) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = s.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return s.substr(first, s.find_last_not_of(blank) - first + 1);
}

std::uint8_t digit(char c) {
    if (c >= '0' && c <= '9')
        return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<std::uint8_t>(c - 'A' + 10);
    throw vector_error(std::string("not a hexadecimal digit: '") + c + '\'');
}

} // namespace

std::vector<std::uint8_t> from_hex(std::string_view text) {
    if (text.size() % 2 != 0)
        throw vector_error("odd number of digits");
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
    return bytes;
}

std::string to_hex(const std::uint8_t *data, std::size_t size) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * size);
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[data[i] >> 4];
        text += digits[data[i] & 15];
    }
    return text;
}

std::string record::where() const { return file_ + ':' + std::to_string(line_); }

void record::fail(std::size_t line, const std::string &what) const {
    throw vector_error(file_ + ':' + std::to_string(line) + ": " + what);
}

record::attribute &record::find(const std::string &name) {
    const auto found = attributes_.find(name);
    if (found == attributes_.end())
        fail(line_, "no attribute " + name);
    found->second.read = true;
    return found->second;
}

bool record::flag(const std::string &name) {
    if (!has(name))
        return false;
    const attribute &a = find(name);
    if (!a.value.empty())
        fail(a.line, name + " has a value");
    return true;
}

std::string record::text(const std::string &name) { return find(name).value; }

std::vector<std::uint8_t> record::bytes(const std::string &name) {
    const attribute &a = find(name);
    try {
        return from_hex(a.value);
    } catch (const vector_error &e) {
        fail(a.line, name + ": " + e.what());
    }
}

std::uint64_t record::number(const std::string &name) {
    const attribute &a = find(name);
    std::uint64_t value = 0;
    const char *const end = a.value.data() + a.value.size();
    const auto [stopped, code] = std::from_chars(a.value.data(), end, value);
    if (code != std::errc() || stopped != end)
        fail(a.line, name + ": not a number");
    return value;
}

class vector_reader {
  public:
    vector_reader(std::string file, const std::function<void(record &)> &body)
        : file_(std::move(file)), body_(body) {}

    std::size_t read(std::istream &in) {
        std::string line;
        while (std::getline(in, line)) {
            ++number_;
            take(trimmed(line));
        }
        if (in.bad())
            fail("cannot be read");
        finish_record();
        if (group_is_new_ && !group_.empty())
            fail("attributes in brackets without a record after them");
        if (count_ == 0)
            fail("no records");
        return count_;
    }

  private:
    using attributes = std::map<std::string, record::attribute>;

    [[noreturn]] void fail(const std::string &what) const {
        throw vector_error(file_ + ':' + std::to_string(number_) + ": " + what);
    }

    void take(std::string_view line) {
        if (line.empty()) {
            finish_record();
        } else if (line.front() == '[') {
            if (line.back() != ']')
                fail("bracket not closed");
            finish_record();
            if (!group_is_new_)
                group_.clear();
            group_is_new_ = true;
            add(group_, line.substr(1, line.size() - 2));
        } else if (line.front() != '#') {
            if (own_.empty())
                first_line_ = number_;
            add(own_, line);
        }
    }

    void add(attributes &to, std::string_view line) {
        const std::size_t sign = line.find('=');
        const std::string name(trimmed(line.substr(0, sign)));
        if (name.empty())
            fail("no name before the sign");
        const std::string value(sign == std::string_view::npos ? std::string_view()
                                                               : trimmed(line.substr(sign + 1)));
        if (!to.emplace(name, record::attribute{value, number_, false}).second)
            fail(name + " stands twice");
        if (&to == &own_ && group_.count(name) != 0)
            fail(name + " is inherited already");
    }

    void finish_record() {
        if (own_.empty())
            return;
        record r;
        r.file_ = file_;
        r.line_ = first_line_;
        r.attributes_ = std::move(own_);
        own_.clear();
        r.attributes_.insert(group_.begin(), group_.end());
        group_is_new_ = false;
        ++count_;
        body_(r);
        for (const auto &[name, a] : r.attributes_)
            if (!a.read)
                r.fail(a.line, name + " was read by nobody");
    }

    const std::string file_;
    const std::function<void(record &)> &body_;
    std::size_t number_ = 0;
    std::size_t first_line_ = 0;
    std::size_t count_ = 0;
    attributes group_;
    bool group_is_new_ = false;
    attributes own_;
};

std::size_t for_each_record(std::istream &in, const std::string &name,
                            const std::function<void(record &)> &body) {
    return vector_reader(name, body).read(in);
}

std::size_t for_each_record(const std::string &path, const std::function<void(record &)> &body) {
    std::ifstream in(path);
    if (!in)
        throw vector_error(path + ":0: cannot be opened");
    return for_each_record(in, path, body);
}

} // namespace kcapi::test
