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

result<std::vector<std::string>> module_files(const char *directory) {
    std::vector<std::string> files;
    DIR *const d = ::opendir(directory);
    if (d == nullptr) {
        const int code = errno;
        if (code == EMFILE || code == ENFILE || code == ENOMEM)
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

/// Null for a module that cannot be used; ENOMEM if that cannot be told now.
result<const module *> load(const std::string &path) {
    errno = 0;
    void *const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        if (errno == ENOMEM)
            return error{ENOMEM, "driver module"};
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

} // namespace

result<std::vector<const module *>> load_modules(const char *directory) {
    std::vector<const module *> modules;
    if (directory[0] != '/') {
        base::log(base::log_level::error, "driver directory %s is not absolute: no modules are loaded",
                  directory);
        return modules;
    }
    const result<std::vector<std::string>> files = module_files(directory);
    if (!files)
        return files.error();
    for (const std::string &path : *files) {
        result<const module *> m = load(path);
        if (!m)
            return m.error();
        if (*m != nullptr)
            modules.push_back(*m);
    }
    return modules;
}

result<std::vector<const module *>> all_modules(std::vector<const module *> linked, bool complete) {
    const char *const override_path = ::secure_getenv("KCAPI_DRIVER_PATH");
    if (complete && override_path == nullptr)
        return linked;
    const result<std::vector<const module *>> loaded =
        load_modules(override_path != nullptr ? override_path : KCAPI_DRIVER_DIR);
    if (!loaded)
        return loaded.error();
    linked.insert(linked.end(), loaded->begin(), loaded->end());
    return linked;
}

} // namespace kcapi::local
