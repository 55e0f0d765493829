// SPDX-License-Identifier: BSD-3-Clause
//
// All drivers the local engine has, and the look-up over them, like the kernel's: an exact driver name wins;
// else the highest priority whose self test passes, joined with the next one if it is best at some work only;
// else a template builds the algorithm from parts. What is joined or built stays.
//
// A module's file is loaded when what it serves is asked for and nothing better is there: found by its index
// for names that some driver has, without looking for all others. What comes out is the same as if all had
// been loaded before.
//
// Threads: one mutex for all; a look-up happens once per transform, never per call. Drivers found stay valid
// for the registry's life.
#pragma once

#include "alg/name.hpp"
#include "base/mutex.hpp"
#include "local/driver.hpp"
#include "local/late_hash.hpp"
#include "local/module_file.hpp"
#include "local/selftest.hpp"
#include "local/templates.hpp"

#include <kcapi/result.hpp>

#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::local {

struct registry_options {
    bool fips = false;
    /// If not empty: only this driver (or only drivers of this provider) may serve; KCAPI_DRIVER.
    std::string only;
    /// Decides whether a driver may serve; tests put their own here.
    bool (*self_test)(const driver &) noexcept = passes_self_test;
};

class registry {
  public:
    registry(const std::vector<const module *> &modules, registry_options options,
             std::vector<module_file> files = {});
    registry(const registry &) = delete;
    registry &operator=(const registry &) = delete;

    /// By name or driver name. EMFILE, ENFILE, ENOMEM (a module cannot be loaded now), ENOENT, EINVAL (a
    /// template refuses), EEXIST (an alias of what exists), ELOOP, ELIBBAD (all that could serve failed their
    /// self tests), as Linux 6.12 answers.
    [[nodiscard]] result<const driver *> find(driver_kind type, std::string_view text);

    /// Every driver there is now, best first, with the state of its self test; none is run for it, but who
    /// has nothing to run on is found out. Those permitted by `only`.
    void visit(const std::function<void(const driver &, alg::self_test)> &f);

  private:
    using part_list = std::array<const driver *, max_parts>;

    struct entry {
        driver record;
        alg::self_test state = alg::self_test::unknown;
        // What is made here owns its names; records of modules point into the module.
        std::string name;
        std::string driver_name;
        std::string provider;
        std::size_t rank = SIZE_MAX; ///< of its module, between equals in priority
    };
    /// A hash whose batches a file not loaded yet may do.
    struct late_entry final : late_join {
        late_entry(registry &of, const driver &hash) noexcept
            : owner(of), first(hash), record(late_hash(hash, *this)) {}
        const driver *joined() noexcept override { return owner.join_late(first); }

        registry &owner;
        const driver &first;
        driver record;
    };
    struct waiting_file {
        module_file file;
        std::size_t rank;
    };

    using memory = std::map<std::string, const driver *, std::less<>>;

    [[nodiscard]] result<const driver *> find_locked(driver_kind type, std::string_view text, bool is_part);
    [[nodiscard]] result<const driver *> build(driver_kind type, const alg::name &wanted);
    [[nodiscard]] bool is_of_other_type(driver_kind type, std::string_view base) const;
    /// What the kernel can spell and this engine makes nothing new of; nothing for any other name.
    [[nodiscard]] std::optional<result<const driver *>> refused_form(driver_kind type,
                                                                     const alg::name &wanted);
    [[nodiscard]] result<const driver *> refused_wrapper(driver_kind type, const alg::name &wanted);
    [[nodiscard]] result<const driver *> refused_rfc7539(const alg::name &wanted);
    [[nodiscard]] result<const driver *> find_part(const template_record &t, std::size_t index,
                                                   const alg::name &argument);
    [[nodiscard]] result<const driver *> instantiate(const template_record &t, const part_list &parts);
    /// Asks a driver that was not asked before. Nothing if memory is too short to tell.
    [[nodiscard]] std::optional<bool> is_available(entry &e);
    /// The first driver of its name joined with a second one for what it is not best at, if there is one.
    [[nodiscard]] result<const driver *> complete(const driver &first, bool is_part);
    [[nodiscard]] result<const driver *> complete_loaded(const driver &first, bool is_part);
    /// With who does its batches, whom it loads. Null: nobody; or, with ENOMEM in errno, not now.
    [[nodiscard]] const driver *join_late(const driver &first) noexcept;
    [[nodiscard]] static bool completes(const driver &first, const driver &second) noexcept;
    [[nodiscard]] entry &join(const driver &first, const driver &second, const std::string &name);
    /// ELIBBAD, or ENOMEM while nothing can be decided.
    [[nodiscard]] result<void> require_usable(entry &e);
    [[nodiscard]] result<const driver *> served_by(entry &e);
    [[nodiscard]] bool permitted(const driver &d) const noexcept;
    void insert(std::list<entry> &&e);
    void add(const module &m, std::size_t rank);
    /// Loads every file that `wanted` names, in their order. Whether there was one.
    template <class Predicate>
    [[nodiscard]] result<bool> load_if(Predicate wanted);
    /// Of those that serve the name with at least that priority, the best.
    [[nodiscard]] result<bool> load_best(driver_kind type, std::string_view text, int at_least);
    [[nodiscard]] result<bool> load_rest();

    base::mutex mutex_;
    registry_options options_;
    std::vector<waiting_file> files_;
    std::list<late_entry> late_;
    std::list<entry> entries_; ///< by descending priority; a list, so that records keep their places
    std::map<driver_kind, memory> found_; ///< what find() gave, until another driver comes in
};

} // namespace kcapi::local
