// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/runtime.hpp"

#include "afalg/engine.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/sys.hpp"
#include "local/crew.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "runtime/selector.hpp"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <string>

namespace kcapi::runtime {

namespace {

constexpr int from_environment = -1;

bool fips_mode() noexcept {
    const result<std::string> text = base::sys::read_file("/proc/sys/crypto/fips_enabled", 16);
    return text && text->starts_with('1');
}

/// What the environment says. An unknown engine is kept as such: it must fail, not fall back.
struct environment {
    std::optional<engine_choice> engine = engine_choice::automatic;
    std::string driver;
    bool threads_known = true; ///< an unknown value is not taken for another one either

    environment() {
        if (const char *const value = ::secure_getenv("KCAPI_THREADS"); value != nullptr && *value != '\0') {
            const std::string_view v(value);
            std::size_t threads = 0;
            const auto [end, problem] = std::from_chars(v.data(), v.data() + v.size(), threads);
            threads_known = problem == std::errc() && end == v.data() + v.size();
            if (threads_known)
                local::crew::set_limit(threads);
        }
        if (const char *const value = ::secure_getenv("KCAPI_DRIVER"); value != nullptr && *value != '\0') {
            driver = value;
            engine = engine_choice::local;
        }
        const char *const value = ::secure_getenv("KCAPI_ENGINE");
        if (value == nullptr || *value == '\0')
            return;
        const std::string_view v(value);
        if (v == "kernel")
            engine = engine_choice::kernel;
        else if (v == "local")
            engine = engine_choice::local;
        else if (v != "auto")
            engine = std::nullopt;
    }
};

/// The local engine, made when it is first asked for something: a program that never needs it loads no
/// module. If the modules cannot be looked at just now (no descriptors left), the next call tries again.
class local_on_demand final : public alg::engine {
  public:
    explicit local_on_demand(std::string only_driver) : only_driver_(std::move(only_driver)) {}

    const char *name() const noexcept override { return "local"; }
    result<std::shared_ptr<alg::transform>> open(alg::kind type, std::string_view name) override {
        const result<alg::engine *> local = made();
        if (!local)
            return local.error();
        return (*local)->open(type, name);
    }
    void list(const std::function<void(const alg::properties &)> &visit) override {
        if (const result<alg::engine *> local = made())
            (*local)->list(visit);
    }

  private:
    result<alg::engine *> made() {
        const std::lock_guard lock(mutex_);
        if (engine_ == nullptr) {
            result<local::module_set> modules =
                local::all_modules(local::linked_modules(), local::is_complete());
            if (!modules)
                return modules.error();
            engine_ = local::make_engine(modules->loaded, {.fips = fips_mode(), .only = only_driver_},
                                         std::move(modules->files));
        }
        return engine_.get();
    }

    const std::string only_driver_;
    base::mutex mutex_;
    std::unique_ptr<alg::engine> engine_;
};

class composition {
  public:
    composition()
        : kernel_(afalg::make_engine()), local_(environment_.driver),
          selector_(*kernel_, local_, afalg::hardware_serves) {}

    result<opened> open(alg::kind type, std::string_view name, std::optional<engine_choice> choice) {
        if (!choice)
            choice = environment_.engine;
        if (!choice)
            return unknown_engine;
        if (!environment_.threads_known)
            return error{ENOENT, "KCAPI_THREADS is not a number"};
        if (*choice == engine_choice::automatic) {
            result<selector::choice> c = selector_.open(type, name);
            if (!c)
                return c.error();
            return opened{std::move(c->transform), c->engine->name()};
        }
        alg::engine &engine = *choice == engine_choice::kernel ? *kernel_ : local_;
        result<std::shared_ptr<alg::transform>> t = engine.open(type, name);
        if (!t)
            return t.error();
        return opened{std::move(*t), engine.name()};
    }

    result<void> list(std::optional<engine_choice> choice,
                      const std::function<void(const char *, const alg::properties &)> &visit) {
        if (!choice)
            choice = environment_.engine;
        if (!choice)
            return unknown_engine;
        for (alg::engine *const e : {static_cast<alg::engine *>(&local_), kernel_.get()}) {
            const engine_choice other = e == &local_ ? engine_choice::kernel : engine_choice::local;
            if (*choice != other)
                e->list([&](const alg::properties &info) { visit(e->name(), info); });
        }
        return {};
    }

    alg::engine &local() noexcept { return local_; }

  private:
    static constexpr error unknown_engine{ENOENT, "KCAPI_ENGINE has an unknown value"};

    const environment environment_;
    const std::unique_ptr<alg::engine> kernel_;
    local_on_demand local_;
    selector selector_;
};

std::atomic<int> default_engine{from_environment};

composition &instance() {
    // Made on first use, never destroyed.
    static composition *const c = new composition;
    return *c;
}

/// What the caller chose, else what was set for the process; nothing: the environment says it.
std::optional<engine_choice> chosen(std::optional<engine_choice> choice) noexcept {
    const int set = default_engine.load(std::memory_order_relaxed);
    return choice || set == from_environment ? choice : static_cast<engine_choice>(set);
}

} // namespace

result<opened> open(alg::kind type, std::string_view name, std::optional<engine_choice> choice) {
    result<opened> r = instance().open(type, name, chosen(choice));
    if (r)
        base::log(base::log_level::verbose, "%s is served by %s on the %s engine",
                  r->transform->info().name.c_str(), r->transform->info().driver_name.c_str(), r->engine);
    return r;
}

result<void> list(std::optional<engine_choice> choice,
                  const std::function<void(const char *, const alg::properties &)> &visit) {
    return instance().list(chosen(choice), visit);
}

alg::engine &local_engine() { return instance().local(); }

const char *advice(int code) noexcept {
    switch (code) {
    case EAFNOSUPPORT:
    case EPERM:
    case EACCES:
        return "the kernel's AF_ALG is missing or denied here, and the local engine does not have the "
               "algorithm or was "
               "not asked; check the name, KCAPI_ENGINE and the driver modules";
    case ENOENT:
        return "check the name, KCAPI_ENGINE (kernel, local, auto), KCAPI_DRIVER and the driver modules";
    case EMFILE:
    case ENFILE:
        return "raise RLIMIT_NOFILE or destroy handles";
    case ELIBBAD:
        return "its self test failed; do not use this machine's library for it";
    default:
        return "see the error number";
    }
}

void set_threads(std::size_t count) {
    (void)instance(); // or the environment would have the last word
    local::crew::set_limit(count);
}

int default_engine_mark() noexcept { return default_engine.load(std::memory_order_relaxed); }

void set_default_engine(engine_choice choice) noexcept {
    default_engine.store(static_cast<int>(choice), std::memory_order_relaxed);
}

} // namespace kcapi::runtime
