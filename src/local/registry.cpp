// SPDX-License-Identifier: BSD-3-Clause
#include "local/registry.hpp"

#include "base/log.hpp"
#include "local/combined.hpp"
#include "local/kernel_names.hpp"
#include "local/modules.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <optional>

namespace kcapi::local {

namespace {

/// Names a program makes up must not fill the memory.
constexpr std::size_t max_remembered = 1024;

} // namespace

registry::registry(const std::vector<const module *> &modules, registry_options options,
                   std::vector<module_file> files)
    : options_(std::move(options)) {
    std::size_t rank = 0;
    for (const module *m : modules)
        add(*m, rank++);
    for (module_file &file : files)
        files_.push_back({std::move(file), rank++});
}

/// All of them, or none if there is no memory.
void registry::add(const module &m, std::size_t rank) {
    std::list<entry> made;
    for (const driver &d : m.drivers)
        made.push_back({.record = d,
                        .state = alg::self_test::unknown,
                        .name = {},
                        .driver_name = {},
                        .provider = {},
                        .rank = rank});
    while (!made.empty()) {
        std::list<entry> one;
        one.splice(one.begin(), made, made.begin());
        insert(std::move(one));
    }
}

/// Keeps the order by priority; of equals that of the earlier module stays first.
void registry::insert(std::list<entry> &&e) {
    const int priority = e.front().record.priority;
    const std::size_t rank = e.front().rank;
    const auto place = std::find_if(entries_.begin(), entries_.end(), [&](const entry &other) {
        return other.record.priority < priority || (other.record.priority == priority && other.rank > rank);
    });
    entries_.splice(place, std::move(e));
    found_.clear();
}

/// A file is forgotten only when it is known what is in it.
template <class Predicate>
result<bool> registry::load_if(Predicate wanted) {
    bool any = false;
    for (auto next = files_.begin(); next != files_.end();) {
        if (!wanted(next->file)) {
            ++next;
            continue;
        }
        const result<const module *> loaded = load_module(next->file.path());
        if (!loaded)
            return loaded.error();
        if (*loaded != nullptr)
            add(**loaded, next->rank);
        next = files_.erase(next);
        any = true;
    }
    return any;
}

result<bool> registry::load_best(driver_kind type, std::string_view text, int at_least) {
    std::optional<int> best;
    for (const waiting_file &f : files_)
        if (const std::optional<int> p = f.file.priority_of(type, text); p && *p >= at_least)
            best = std::max(best.value_or(*p), *p);
    if (!best)
        return false;
    return load_if([&](const module_file &file) { return file.priority_of(type, text) == best; });
}

result<bool> registry::load_rest() {
    return load_if([](const module_file &) { return true; });
}

namespace {

/// Runs `f`, and says whether it failed for want of memory: who ran out of it, in whatever library, leaves
/// ENOMEM in errno.
template <class Function>
std::optional<bool> decided(Function f) {
    const int saved_errno = errno;
    errno = 0;
    const bool right = f();
    const bool short_of_memory = errno == ENOMEM;
    errno = saved_errno;
    return right || !short_of_memory ? std::optional(right) : std::nullopt;
}

/// Of two drivers of one algorithm, by join().
bool is_joined(const driver &d) noexcept {
    return d.parts[0] != nullptr && std::string_view(d.provider) != "template";
}

} // namespace

std::optional<bool> registry::is_available(entry &e) {
    if (e.state != alg::self_test::unknown)
        return e.state != alg::self_test::unavailable;
    const driver &d = e.record;
    const std::optional<bool> available =
        decided([&] { return d.available == nullptr || d.available(d, options_.fips); });
    if (available && !*available) {
        e.state = alg::self_test::unavailable;
        base::log(base::log_level::debug, "driver %s: not available here", d.driver_name);
    }
    return available;
}

/// While memory is short nothing is decided about a driver: a look at its library or a self test that fails
/// for that says nothing about it.
result<void> registry::require_usable(entry &e) {
    const driver &d = e.record;
    const std::optional<bool> available = is_available(e);
    if (available && *available && e.state == alg::self_test::unknown) {
        const std::optional<bool> right = decided([&] { return options_.self_test(d); });
        if (right) {
            e.state = *right ? alg::self_test::passed : alg::self_test::failed;
            if (*right)
                base::log(base::log_level::debug, "driver %s: self test passed", d.driver_name);
            else
                base::log(base::log_level::error, "driver %s failed its self test and is not used",
                          d.driver_name);
        }
    }
    if (e.state == alg::self_test::unknown)
        return error{ENOMEM, "self test"};
    if (e.state != alg::self_test::passed)
        return error{ELIBBAD, "self test"};
    return {};
}

result<const driver *> registry::served_by(entry &e) {
    const result<void> r = require_usable(e);
    return r ? result<const driver *>(&e.record) : r.error();
}

bool registry::permitted(const driver &d) const noexcept {
    return options_.only.empty() || options_.only == d.driver_name || options_.only == d.provider;
}

result<const driver *> registry::find(driver_kind type, std::string_view text) {
    const std::lock_guard lock(mutex_);
    // Who forces a driver may name a provider, of which the indexes do not tell.
    if (!options_.only.empty())
        if (const result<bool> r = load_rest(); !r)
            return r.error();
    const memory &known = found_[type];
    if (const auto it = known.find(text); it != known.end())
        return it->second;
    const result<const driver *> d = find_locked(type, text, false);
    // The look-up itself may have brought drivers in, and so have emptied the memory.
    if (memory &now = found_[type]; d && now.size() < max_remembered)
        now.emplace(text, *d);
    return d;
}

/// The parts of a template are never subject to the forced driver: forcing chooses who serves, not what it is
/// made of.
result<const driver *> registry::find_locked(driver_kind type, std::string_view text, bool is_part) {
    if (type == driver_kind::cipher && !is_part)
        return error{ENOENT, "a bare cipher cannot be bound"};
    const auto allowed = [&](const driver &d) { return is_part || permitted(d); };
    for (entry &e : entries_)
        if (e.record.type == type && e.record.driver_name == text && allowed(e.record))
            return served_by(e);
    bool failed = false;
    for (entry &e : entries_) {
        if (e.record.type != type || e.record.name != text || !allowed(e.record) ||
            (is_part && type == driver_kind::hash && is_joined(e.record)))
            continue;
        const result<bool> better = load_best(type, text, e.record.priority);
        if (!better || *better)
            return better ? find_locked(type, text, is_part) : better.error();
        const result<void> usable = require_usable(e);
        if (usable)
            return complete(e.record, is_part);
        if (usable.error().code == ENOMEM)
            return usable.error();
        failed = failed || e.state == alg::self_test::failed;
    }
    const result<bool> further = load_best(type, text, INT_MIN);
    if (!further || *further)
        return further ? find_locked(type, text, is_part) : further.error();
    const std::optional<alg::name> parsed = alg::parse_name(text);
    if (parsed)
        if (const std::optional<alg::name> algorithm = algorithm_of_kernel_driver(*parsed))
            return find_locked(type, algorithm->text(), is_part);
    // Beyond the names of drivers it takes all to know what is not there.
    if (!files_.empty()) {
        const result<bool> rest = load_rest();
        return rest ? find_locked(type, text, is_part) : rest.error();
    }
    if (parsed && parsed->is_template()) {
        result<const driver *> built = build(type, *parsed);
        if (!built && built.error().code == ENOENT && failed)
            return error{ELIBBAD, "self test"};
        if (built && !allowed(**built))
            return error{ENOENT, "not the forced driver"};
        return built;
    }
    if (!parsed) {
        if (const std::optional<alg::name> lead = alg::leading_template(text)) {
            const result<const driver *> existing = find_locked(type, lead->text(), is_part);
            return existing ? error{EEXIST, "alias of an existing algorithm"} : existing.error();
        }
        // The kernel looks at a template's type before it looks inside.
        const std::string_view outer = alg::outer_template(text);
        if (is_of_other_type(type, outer))
            return error{EINVAL, "template of another type"};
        const template_record *const t = find_template(outer, type);
        if (t != nullptr && t->parts[0].type == driver_kind::cipher &&
            is_of_other_type(driver_kind::cipher, alg::outer_template(text.substr(
                                                      outer.size() + 1, text.size() - outer.size() - 2))))
            return error{EINVAL, "template refuses its argument"};
    }
    return error{failed ? ELIBBAD : ENOENT, "unknown algorithm"};
}

/// What only libraries have here the kernel makes by a template too.
bool registry::is_of_other_type(driver_kind type, std::string_view base) const {
    if (base.empty())
        return false;
    if (const template_record *const t = find_template(base, type))
        return t->type != type;
    const std::string begin = std::string(base) + '(';
    const auto is_of_it = [&](const entry &e) { return std::string_view(e.record.name).starts_with(begin); };
    return std::any_of(entries_.begin(), entries_.end(), is_of_it) &&
           std::none_of(entries_.begin(), entries_.end(),
                        [&](const entry &e) { return e.record.type == type && is_of_it(e); });
}

/// A hash takes who does batches; a mode that is best at some work only, who does all of it.
bool registry::completes(const driver &first, const driver &second) noexcept {
    if (std::string_view(first.name) != second.name)
        return false;
    if (first.type == driver_kind::hash)
        return second.type == driver_kind::hash_batch;
    return second.type == first.type && !first.best.is_whole() && second.best.is_whole();
}

registry::entry &registry::join(const driver &first, const driver &second, const std::string &name) {
    std::list<entry> made(1);
    entry &joined = made.front();
    joined.name = first.name;
    joined.driver_name = name;
    joined.provider = std::string(first.provider) + '+' + second.provider;
    driver &d = joined.record;
    d.type = first.type;
    d.parts = {&first, &second};
    // So that it is what the next look-up finds.
    d.priority = first.priority + 1;
    d.name = joined.name.c_str();
    d.driver_name = joined.driver_name.c_str();
    d.provider = joined.provider.c_str();
    if (d.type == driver_kind::hash)
        fill_combined_hash(d);
    else
        fill_combined(d);
    insert(std::move(made));
    // The node keeps its address in the list.
    return joined;
}

result<const driver *> registry::complete(const driver &first, bool is_part) {
    // What is joined already; and a part is never given a batch of messages to hash.
    if (is_joined(first) || (is_part && first.type == driver_kind::hash))
        return &first;
    if (first.type == driver_kind::hash) {
        const auto may_join = [&](const waiting_file &f) {
            return f.file.priority_of(driver_kind::hash_batch, first.name).has_value();
        };
        if (std::none_of(files_.begin(), files_.end(), may_join))
            return complete_loaded(first, is_part);
        for (const late_entry &e : late_)
            if (&e.first == &first)
                return &e.record;
        return &late_.emplace_back(*this, first).record;
    }
    while (!first.best.is_whole()) {
        const result<bool> more = load_best(first.type, first.name, INT_MIN);
        if (!more)
            return more.error();
        if (!*more)
            break;
    }
    return complete_loaded(first, is_part);
}

const driver *registry::join_late(const driver &first) noexcept try {
    const std::lock_guard lock(mutex_);
    for (bool more = true; more;) {
        const result<bool> loaded = load_best(driver_kind::hash_batch, first.name, INT_MIN);
        if (!loaded) {
            errno = ENOMEM; // or descriptors, which may be there again later
            return nullptr;
        }
        more = *loaded;
    }
    const result<const driver *> d = complete_loaded(first, false);
    if (!d)
        errno = d.error().code;
    return d && *d != &first ? *d : nullptr;
} catch (const std::bad_alloc &) {
    errno = ENOMEM;
    return nullptr;
}

result<const driver *> registry::complete_loaded(const driver &first, bool is_part) {
    for (entry &e : entries_) {
        const driver &second = e.record;
        if (!completes(first, second) || is_joined(second) || !(is_part || permitted(second)))
            continue;
        if (const result<void> usable = require_usable(e); !usable) {
            if (usable.error().code == ENOMEM)
                return usable.error();
            continue;
        }
        const std::string joined_name = std::string(first.driver_name) + '+' + second.provider;
        const auto made_before = std::find_if(entries_.begin(), entries_.end(), [&](const entry &other) {
            return other.record.type == first.type && other.driver_name == joined_name;
        });
        entry &joined = made_before != entries_.end() ? *made_before : join(first, second, joined_name);
        const result<const driver *> served = served_by(joined);
        if (!served && served.error().code != ENOMEM)
            return &first;
        return served;
    }
    return &first;
}

result<const driver *> registry::build(driver_kind type, const alg::name &wanted) {
    if (std::optional<result<const driver *>> form = refused_form(type, wanted))
        return *form;
    if (is_of_other_type(type, wanted.base))
        return error{EINVAL, "template of another type"};
    const template_record *const t = find_template(wanted.base, type);
    if (t == nullptr)
        return error{ENOENT, "unknown template"};
    if (options_.fips)
        return error{ENOENT, "FIPS mode: what we build from parts is not validated"};
    if (wanted.arguments.size() < t->part_count)
        return error{ENOENT, "template with too few arguments"};
    part_list parts{};
    for (std::size_t i = 0; i < t->part_count; ++i) {
        const result<const driver *> part = find_part(*t, i, wanted.arguments[i]);
        if (!part)
            return part.error();
        parts[i] = *part;
    }
    result<const driver *> instance = instantiate(*t, parts);
    if (!instance)
        return instance;
    if (wanted.text() != (*instance)->name && wanted.text() != (*instance)->driver_name)
        return error{EEXIST, "alias of an existing algorithm"};
    return instance;
}

result<const driver *> registry::find_part(const template_record &t, std::size_t index,
                                           const alg::name &argument) {
    const part_rule &rule = t.parts[index];
    result<const driver *> part = find_locked(rule.type, argument.text(), true);
    if (part) {
        const alg::name algorithm = alg::parse_name((*part)->name).value_or(alg::name{});
        if (rule.name[0] != '\0' && algorithm.base != rule.name)
            return error{EINVAL, "template refuses its argument"};
        return part;
    }
    // A mode over a mode: the kernel's cbc looks for its ecb form and goes round in a circle; the others
    // refuse.
    const template_record *const mode = argument.is_template() ? find_template(argument.base) : nullptr;
    if (mode != nullptr && rule.type == driver_kind::cipher) {
        const std::string_view outer = t.name;
        if (outer == "cbc" && (argument.base == "ecb" || argument.base == "cbc"))
            return error{ELOOP, "template over itself"};
        if (argument.base == "ecb" && (outer == "xts" || outer == "lrw") &&
            find_locked(t.type, std::string(outer) + '(' + argument.arguments[0].text() + ')', true))
            return error{EEXIST, "alias of an existing algorithm"};
        return error{EINVAL, "template refuses its argument"};
    }
    return error{part.error().code == EEXIST ? EINVAL : part.error().code, "template argument"};
}

result<const driver *> registry::instantiate(const template_record &t, const part_list &parts) {
    std::list<entry> made(1);
    entry &e = made.front();
    driver &d = e.record;
    d.type = t.type;
    d.provider = "template";
    d.parts = parts;
    d.priority = parts[0]->priority;
    e.name = e.driver_name = t.name;
    for (std::size_t i = 0; i < t.part_count; ++i) {
        const char *const separator = i == 0 ? "(" : ",";
        (e.name += separator) += parts[i]->name;
        (e.driver_name += separator) += parts[i]->driver_name;
        d.priority = std::min(d.priority, parts[i]->priority);
    }
    e.name += ')';
    e.driver_name += ')';
    --d.priority;
    for (entry &old : entries_)
        if (old.record.type == t.type && old.record.driver_name == e.driver_name)
            return served_by(old);
    d.name = e.name.c_str();
    d.driver_name = e.driver_name.c_str();
    if (!t.fill(d))
        return error{EINVAL, "template refuses its argument"};
    insert(std::move(made));
    // The node keeps its address in the list.
    return served_by(e);
}

void registry::visit(const std::function<void(const driver &, alg::self_test)> &f) {
    const std::lock_guard lock(mutex_);
    (void)load_rest(); // what cannot be loaded now is left out
    for (entry &e : entries_) {
        if (!permitted(e.record))
            continue;
        (void)is_available(e);
        f(e.record, e.state);
    }
}

} // namespace kcapi::local
