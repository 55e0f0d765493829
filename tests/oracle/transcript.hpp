// SPDX-License-Identifier: BSD-3-Clause
//
// What a script's calls answered, as text: a comment line naming the script, then each step and, after "= ",
// how it ended. Transcripts of several scripts may follow each other in one file.
#pragma once

#include "oracle/script.hpp"

#include <string>
#include <vector>

namespace kcapi::oracle {

struct entry {
    std::string call;
    std::string result;
    std::size_t line = 0; ///< in the script; 0 in a transcript that was read from a file

    friend bool operator==(const entry &a, const entry &b) {
        return a.call == b.call && a.result == b.result;
    }
};

struct transcript {
    std::string script;
    std::vector<entry> entries;
};

[[nodiscard]] std::string to_text(const transcript &t);

/// Transcripts, or why there are none: "file:line: reason".
struct transcript_outcome {
    std::vector<transcript> value;
    std::string error;
};

[[nodiscard]] transcript_outcome parse_transcripts(std::string_view text, const std::string &file);
[[nodiscard]] transcript_outcome load_transcripts(const std::string &file);

} // namespace kcapi::oracle
