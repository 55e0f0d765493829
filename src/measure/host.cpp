// SPDX-License-Identifier: BSD-3-Clause
#include "measure/host.hpp"

#include <kcapi.h>

#include <sys/utsname.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace kcapi::measure {

namespace {

std::string cpu_model() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string text; std::getline(info, text);)
        if (text.starts_with("model name"))
            return text.substr(text.find(':') + 2);
    return "unknown";
}

std::string load() {
    std::array<double, 1> minutes{};
    if (getloadavg(minutes.data(), 1) != 1)
        return "unknown";
    return std::to_string(minutes[0]).substr(0, 4);
}

std::string compiler() {
#ifdef __clang__
    return __VERSION__;
#else
    return "GCC " __VERSION__;
#endif
}

std::string library() {
    std::array<char, 64> text{};
    kcapi_versionstring(text.data(), text.size());
    return text.data();
}

} // namespace

facts host_facts() {
    utsname system{};
    (void)uname(&system);
    return {{"cpu", cpu_model()},     {"cores", std::to_string(std::thread::hardware_concurrency())},
            {"load", load()},         {"kernel", std::string(system.release) + " " + system.machine},
            {"compiler", compiler()}, {"library", library()}};
}

} // namespace kcapi::measure
