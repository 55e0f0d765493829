// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/script_lines.hpp"

#include <algorithm>
#include <map>

namespace kcapi::oracle {

namespace {

constexpr std::size_t max_lines = 100000;

using variables = std::map<std::string, std::string>;

bool is_word_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class unroller {
  public:
    explicit unroller(std::string file) : file_(std::move(file)) {}

    line_list run(std::string_view text) {
        read_lines(text);
        expand(0, lines_.size(), {});
        return {std::move(out_), std::move(error_)};
    }

  private:
    void fail(std::size_t number, const std::string &reason) {
        if (error_.empty())
            error_ = file_ + ':' + std::to_string(number) + ": " + reason;
    }

    void read_lines(std::string_view text);
    void expand(std::size_t from, std::size_t to, const variables &known);
    void loop(std::size_t from, std::size_t end, const variables &known);
    [[nodiscard]] std::size_t end_of(std::size_t start, std::size_t to) const;
    [[nodiscard]] std::string substitute(const line &at, const std::string &word, const variables &known);

    std::string file_;
    std::string error_;
    std::vector<line> lines_;
    std::vector<line> out_;
};

void unroller::read_lines(std::string_view text) {
    std::size_t number = 0;
    for (const std::string_view row : split(text, '\n')) {
        line l{.number = ++number, .words = {}};
        for (std::size_t i = 0; i < row.size();) {
            if (row[i] == ' ' || row[i] == '\t') {
                ++i;
                continue;
            }
            if (row[i] == '#')
                break;
            const bool quoted = row[i] == '"';
            const std::size_t begin = quoted ? i + 1 : i;
            const std::size_t end = quoted ? row.find('"', begin) : row.find_first_of(" \t", begin);
            if (quoted && end == std::string_view::npos)
                return fail(number, "a quote is not closed");
            l.words.emplace_back(row.substr(begin, end - begin));
            i = end == std::string_view::npos ? row.size() : end + (quoted ? 1 : 0);
        }
        if (!l.words.empty())
            lines_.push_back(std::move(l));
    }
}

std::string unroller::substitute(const line &at, const std::string &word, const variables &known) {
    std::string out;
    for (std::size_t i = 0; i < word.size();) {
        if (word[i] != '$') {
            out += word[i++];
            continue;
        }
        std::size_t end = ++i;
        while (end < word.size() && is_word_character(word[end]))
            ++end;
        const auto found = known.find(word.substr(i, end - i));
        if (found == known.end())
            fail(at.number, '$' + word.substr(i, end - i) + " is not set");
        else
            out += found->second;
        i = end;
    }
    return out;
}

std::size_t unroller::end_of(std::size_t start, std::size_t to) const {
    std::size_t depth = 0;
    for (std::size_t i = start; i < to; ++i) {
        if (lines_[i].words.front() == "for")
            ++depth;
        else if (lines_[i].words.front() == "end" && --depth == 0)
            return i;
    }
    return to;
}

void unroller::expand(std::size_t from, std::size_t to, const variables &known) {
    for (std::size_t i = from; i < to && error_.empty(); ++i) {
        const line &l = lines_[i];
        if (l.words.front() == "end")
            return fail(l.number, "end without for");
        if (l.words.front() == "for") {
            const std::size_t end = end_of(i, to);
            if (end == to)
                return fail(l.number, "for without end");
            loop(i, end, known);
            i = end;
            continue;
        }
        line plain{.number = l.number, .words = {}};
        for (const std::string &word : l.words)
            plain.words.push_back(substitute(l, word, known));
        if (error_.empty())
            out_.push_back(std::move(plain));
        if (out_.size() > max_lines)
            return fail(l.number, "the script is too long");
    }
}

void unroller::loop(std::size_t from, std::size_t end, const variables &known) {
    const line &l = lines_[from];
    if (l.words.size() < 3 || !is_identifier(l.words[1]))
        return fail(l.number, "expected: for NAME VALUE...");
    if (end == from + 1)
        return fail(l.number, "the loop is empty");
    for (std::size_t i = 2; i < l.words.size() && error_.empty(); ++i) {
        variables inner = known;
        inner[l.words[1]] = substitute(l, l.words[i], known);
        expand(from + 1, end, inner);
    }
}

} // namespace

bool is_identifier(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_word_character);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t n = text.find(separator);
        parts.push_back(text.substr(0, n));
        if (n == std::string_view::npos)
            return parts;
        text.remove_prefix(n + 1);
    }
}

line_list unroll(std::string_view text, const std::string &file) { return unroller(file).run(text); }

} // namespace kcapi::oracle
