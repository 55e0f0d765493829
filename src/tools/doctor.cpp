// SPDX-License-Identifier: BSD-3-Clause
#include "doctor.hpp"

#include "file.hpp"

#include <kcapi/kcapi.hpp>

#include <nlohmann/json.hpp>

#include <dlfcn.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace kcapi::tools {

namespace {

namespace fs = std::filesystem;

constexpr const char *local_engine = "local engine";
constexpr const char *kernel_engine = "kernel engine";

struct sample {
    const char *type;
    const char *name;
};
constexpr auto samples = std::to_array<sample>({{"skcipher", "cbc(aes)"},
                                                {"aead", "gcm(aes)"},
                                                {"hash", "sha256"},
                                                {"hash", "hmac(sha256)"},
                                                {"rng", "stdrng"}});

finding library() {
    Dl_info facts{};
    const bool known = ::dladdr(reinterpret_cast<const void *>(&kcapi_md_init), &facts) != 0;
    return {"library", state::good,
            "libkcapi " + std::to_string(kcapi_version()) + " from " +
                (known ? facts.dli_fname : "an unknown file")};
}

/// Which of the samples an engine opens.
finding engine_samples(const char *what, engine on) {
    std::string served;
    std::string refused;
    for (const sample &s : samples) {
        kcapi_handle *h = nullptr;
        const int r = kcapi_ext_init(&h, s.type, s.name, 0, detail::to_c(on));
        kcapi_cipher_destroy(h);
        if (r == 0)
            served += (served.empty() ? "" : ", ") + std::string(s.name);
        else
            refused += (refused.empty() ? "" : ", ") + std::string(s.name) + " (" + std::strerror(-r) + ")";
    }
    if (refused.empty())
        return {what, state::good, "serves " + served};
    if (served.empty())
        return {what, state::bad, "serves nothing of " + refused,
                on == engine::local
                    ? "Install a driver package, such as that of OpenSSL; see 'driver modules' below."
                    : "See AF_ALG above."};
    return {what, state::note, "serves " + served + "; not " + refused};
}

finding netlink() {
    const unique_fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_CRYPTO));
    if (fd.get() >= 0)
        return {"netlink", state::good, "the kernel tells the properties of its algorithms"};
    return {"netlink", state::note,
            std::string("the kernel does not tell the properties of its algorithms: ") + std::strerror(errno),
            "The library has them from elsewhere. To have them from the kernel: modprobe crypto_user"};
}

finding fips_mode() {
    std::ifstream file("/proc/sys/crypto/fips_enabled");
    char flag = '0';
    file >> flag;
    if (flag == '0')
        return {"FIPS mode", state::good, "off"};
    return {"FIPS mode", state::note, "on; the local engine serves through OpenSSL's FIPS provider only",
            "Without that provider use KCAPI_ENGINE=kernel."};
}

finding driver_modules() {
    const char *const changed = ::secure_getenv("KCAPI_DRIVER_PATH");
    const fs::path folder = changed != nullptr ? changed : KCAPI_DRIVER_DIR;
    std::vector<std::string> found;
    std::error_code failed;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder, failed))
        if (entry.path().extension() == ".so")
            found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    if (found.empty())
        return {"driver modules", state::note,
                "none in " + folder.string() + (failed ? ": " + failed.message() : std::string()),
                "A library without modules serves little; a static program has them inside."};
    std::string names;
    for (const std::string &name : found)
        names += (names.empty() ? "" : ", ") + name;
    return {"driver modules", state::good, names + " in " + folder.string()};
}

void add_settings(std::vector<finding> &all) {
    for (const char *const name : {"KCAPI_ENGINE", "KCAPI_DRIVER", "KCAPI_DRIVER_PATH"}) {
        const char *const value = ::secure_getenv(name);
        if (value == nullptr)
            continue;
        const std::string_view text = value;
        const bool wrong =
            std::string_view(name) == "KCAPI_ENGINE" && text != "kernel" && text != "local" && text != "auto";
        all.push_back(
            {name, wrong ? state::bad : state::note, std::string("is set to ") + value,
             wrong ? "It is kernel, local or auto; with anything else nothing can be opened." : ""});
    }
}

} // namespace

std::vector<finding> examine() {
    std::vector<finding> all = {library(),
                                explain_af_alg(look_at_af_alg()),
                                engine_samples(kernel_engine, engine::kernel),
                                netlink(),
                                engine_samples(local_engine, engine::local),
                                driver_modules(),
                                fips_mode()};
    add_settings(all);
    return all;
}

bool usable(const std::vector<finding> &all) noexcept {
    return std::any_of(all.begin(), all.end(),
                       [](const finding &f) {
                           return f.how != state::bad && (f.what == local_engine || f.what == kernel_engine);
                       }) &&
           std::none_of(all.begin(), all.end(),
                        [](const finding &f) { return f.how == state::bad && f.what == "KCAPI_ENGINE"; });
}

std::string as_text(const std::vector<finding> &all) {
    std::string s;
    for (const finding &f : all) {
        s += f.how == state::good ? "ok    " : f.how == state::note ? "note  " : "BAD   ";
        s += f.what + ": " + f.text + "\n";
        if (!f.advice.empty())
            s += "      -> " + f.advice + "\n";
    }
    s += usable(all) ? "Programs that use libkcapi work here.\n"
                     : "Programs that use libkcapi do not work here.\n";
    return s;
}

nlohmann::json as_json(const std::vector<finding> &all) {
    nlohmann::json j = {{"usable", usable(all)}, {"findings", nlohmann::json::array()}};
    for (const finding &f : all)
        j["findings"].push_back({{"what", f.what},
                                 {"state", f.how == state::good   ? "ok"
                                           : f.how == state::note ? "note"
                                                                  : "bad"},
                                 {"text", f.text},
                                 {"advice", f.advice}});
    return j;
}

} // namespace kcapi::tools
