// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/transcript.hpp"

#include "oracle/script_lines.hpp"

#include <fstream>
#include <sstream>

namespace kcapi::oracle {

namespace {

constexpr std::string_view title = "# script ";
constexpr std::string_view result_mark = "= ";

} // namespace

std::string to_text(const transcript &t) {
    std::string out = std::string(title) + t.script + '\n';
    for (const entry &e : t.entries)
        out += e.call + '\n' + std::string(result_mark) + e.result + '\n';
    return out;
}

transcript_outcome parse_transcripts(std::string_view text, const std::string &file) {
    transcript_outcome out;
    const auto fail = [&](std::size_t number, const char *reason) {
        return transcript_outcome{{}, file + ':' + std::to_string(number) + ": " + reason};
    };
    std::size_t number = 0;
    bool open = false; // a call without its result
    for (const std::string_view row : split(text, '\n')) {
        ++number;
        if (row.empty())
            continue;
        const bool is_title = row.substr(0, title.size()) == title;
        const bool is_result = row.substr(0, result_mark.size()) == result_mark;
        if (!is_title && out.value.empty())
            return fail(number, "no script is named");
        if (open != is_result)
            return fail(number, open ? "a call has no result" : "a result has no call");
        if (is_title)
            out.value.push_back({std::string(row.substr(title.size())), {}});
        else if (is_result)
            out.value.back().entries.back().result = row.substr(result_mark.size());
        else
            out.value.back().entries.push_back({std::string(row), "", 0});
        open = !is_title && !is_result;
    }
    if (open)
        return fail(number, "the last call has no result");
    if (out.value.empty())
        return fail(number, "there is no transcript");
    return out;
}

transcript_outcome load_transcripts(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        return {{}, file + ":1: cannot be read"};
    return parse_transcripts(text.str(), file);
}

} // namespace kcapi::oracle
