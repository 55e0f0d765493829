// SPDX-License-Identifier: BSD-3-Clause
//
// The recorded lists, one per kernel, and the list of what the local engine does not have yet.
#pragma once

#include "names/probe.hpp"

namespace kcapi::test {

inline const std::vector<std::string> recorded_kernels{"6.1", "6.12", "7.3"};
/// Where kernels differ in a property, the local engine is like this one.
inline const std::string reference_kernel = "6.12";

/// Names by type and name. Throws if the file is not there or empty.
using name_list = std::map<std::pair<std::string, std::string>, name_record>;
[[nodiscard]] name_list recorded_names(const std::string &folder, const std::string &kernel);

/// A line "NUMBER type "name"": what a kernel does not bind, and by which number.
struct refused_name {
    std::string number;
    std::string type;
    std::string name; ///< any text without a quotation mark
};
[[nodiscard]] std::vector<refused_name> refused_names(const std::string &file);

struct missing_pattern {
    std::string reason;
    std::string without; ///< missing only where this module is; empty: everywhere
    std::string type;
    std::string name; ///< with * and ? as in file names
};
/// A file of groups: a line "[reason]" or "[without module: reason]", then lines "type pattern".
[[nodiscard]] std::vector<missing_pattern> missing_patterns(const std::string &file);
/// Those of them that count in a build with these modules.
[[nodiscard]] std::vector<missing_pattern> missing_patterns(const std::string &file,
                                                            const std::vector<std::string> &modules);
[[nodiscard]] bool matches(const missing_pattern &p, const std::string &type, const std::string &name);
/// Null if the name is not on the list.
[[nodiscard]] const missing_pattern *find_missing(const std::vector<missing_pattern> &list,
                                                  const std::string &type, const std::string &name);

} // namespace kcapi::test
