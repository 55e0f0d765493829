// SPDX-License-Identifier: BSD-3-Clause
//
// Tells where two transcripts of one script part, and knows the list of places where they may
// (differences.toml). An entry of that list that changes nothing is as wrong as a difference that is not in
// it.
#pragma once

#include "oracle/transcript.hpp"

#include <map>

namespace kcapi::oracle {

/// Nothing if both say the same; else each place where they part, with the steps before it.
[[nodiscard]] std::string compare(const transcript &expected, const transcript &actual);

/// One entry of differences.toml: `side` gives something else than the reference at some lines of a script.
struct difference {
    std::string side; ///< "local", or a kernel
    std::string script;
    std::vector<std::size_t> lines;
    std::string follows; ///< local: gives what this kernel gives
    std::string result;  ///< local: gives this, at one line that makes one call
    std::string reason;
    std::size_t at = 0; ///< where the entry stands
};

struct difference_list {
    std::vector<difference> value;
    std::string error;
};

[[nodiscard]] difference_list parse_differences(std::string_view text, const std::string &file);
[[nodiscard]] difference_list load_differences(const std::string &file);

/// Transcripts of one script by kernel.
using recordings = std::map<std::string, transcript>;

/// The kernel whose behaviour counts.
inline constexpr const char reference_kernel[] = "6.12";

/// A transcript that the local engine has to give, or why the list of differences makes no sense.
struct expectation {
    transcript value;
    std::string error;
};

[[nodiscard]] expectation expected_of_local(const script &s, const recordings &recorded,
                                            const std::vector<difference> &differences);

/// Nothing if `kernel` parts from the reference at the listed lines of the script and nowhere else.
[[nodiscard]] std::string check_kernel(const script &s, const recordings &recorded, const std::string &kernel,
                                       const std::vector<difference> &differences);

/// Nothing if `actual`, made on a kernel, is what was recorded for `kernel`. Point releases of a kernel move
/// fixes about: at a line where kernels are listed as different, the answer of any recorded kernel will do.
[[nodiscard]] std::string check_guest(const script &s, const recordings &recorded, const std::string &kernel,
                                      const std::vector<difference> &differences, const transcript &actual);

} // namespace kcapi::oracle
