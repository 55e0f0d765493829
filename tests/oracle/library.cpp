// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/library.hpp"

#include <algorithm>
#include <filesystem>

namespace kcapi::oracle {

const std::vector<std::string> &recorded_kernels() {
    static const std::vector<std::string> kernels{"6.1", "6.12", "7.3"};
    return kernels;
}

std::vector<std::string> script_files(const std::string &folder) {
    std::vector<std::string> files;
    std::error_code failure; // a folder that is not there has no scripts
    for (const auto &entry : std::filesystem::directory_iterator(folder + "/scripts", failure))
        if (entry.path().extension() == ".script")
            files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

recordings_outcome load_recordings(const std::string &folder, const std::string &script) {
    recordings_outcome out;
    for (const std::string &kernel : recorded_kernels()) {
        const std::string file = folder + "/expected/" + kernel + '/' + script + ".vec";
        const transcript_outcome t = load_transcripts(file);
        if (!t.error.empty())
            return {{}, t.error};
        if (t.value.size() != 1 || t.value.front().script != script)
            return {{}, file + ":1: not the recording of " + script + " alone"};
        out.value[kernel] = t.value.front();
    }
    return out;
}

} // namespace kcapi::oracle
