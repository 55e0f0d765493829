// SPDX-License-Identifier: BSD-3-Clause
#include "local/modules.hpp"

#include "base/log.hpp"

#include <dirent.h>
#include <dlfcn.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace kcapi::local {

namespace {

bool is_shortage(int code) noexcept { return code == EMFILE || code == ENFILE || code == ENOMEM; }

result<std::vector<std::string>> paths_in(const char *directory) {
    std::vector<std::string> files;
    DIR *const d = ::opendir(directory);
    if (d == nullptr) {
        const int code = errno;
        if (is_shortage(code))
            return error{code, "driver modules"};
        base::log(base::log_level::verbose, "no driver modules: cannot open %s", directory);
        return files;
    }
    while (const dirent *const e = ::readdir(d))
        if (std::string_view(e->d_name).ends_with(".so"))
            files.push_back(std::string(directory) + '/' + e->d_name);
    (void)::closedir(d);
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

result<const module *> load_module(const std::string &path) {
    errno = 0;
    void *const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        if (const int code = errno; is_shortage(code))
            return error{code, "driver module"};
        base::log(base::log_level::warn, "driver module not loaded: %s", ::dlerror());
        return nullptr;
    }
    void *const symbol = ::dlsym(handle, module_entry_name);
    errno = 0;
    const module *const m = symbol == nullptr ? nullptr : reinterpret_cast<module_entry>(symbol)();
    const bool short_of_memory = m == nullptr && errno == ENOMEM;
    if (m != nullptr && std::string_view(m->stamp) == module_stamp) {
        base::log(base::log_level::debug, "driver module %s: %s, %zu drivers", m->name, m->version,
                  m->drivers.size());
        return m;
    }
    // Nothing of it is in use, so it may go again.
    (void)::dlclose(handle);
    if (short_of_memory)
        return error{ENOMEM, "driver module"};
    base::log(base::log_level::warn, "driver module %s is not of this build or its library is unusable",
              path.c_str());
    return nullptr;
}

result<std::vector<module_file>> find_modules(const char *directory) {
    std::vector<module_file> files;
    if (directory[0] != '/') {
        base::log(base::log_level::error, "driver directory %s is not absolute: no modules are loaded",
                  directory);
        return files;
    }
    result<std::vector<std::string>> paths = paths_in(directory);
    if (!paths)
        return paths.error();
    for (std::string &path : *paths) {
        result<module_file> file = module_file::at(std::move(path));
        if (!file)
            return file.error();
        files.push_back(std::move(*file));
    }
    return files;
}

result<module_set> all_modules(std::vector<const module *> linked, bool complete) {
    module_set all{.loaded = std::move(linked), .files = {}};
    const char *const override_path = ::secure_getenv("KCAPI_DRIVER_PATH");
    if (complete && override_path == nullptr)
        return all;
    result<std::vector<module_file>> found =
        find_modules(override_path != nullptr ? override_path : KCAPI_DRIVER_DIR);
    if (!found)
        return found.error();
    all.files = std::move(*found);
    return all;
}

} // namespace kcapi::local
