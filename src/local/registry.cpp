// SPDX-License-Identifier: BSD-3-Clause
#include "local/registry.hpp"

#include "base/log.hpp"
#include "local/combined.hpp"
#include "local/kernel_names.hpp"

#include <algorithm>
#include <cerrno>

namespace kcapi::local {

registry::registry(const std::vector<const module *> &modules, registry_options options)
    : options_(std::move(options)) {
    for (const module *m : modules)
        for (const driver &d : m->drivers)
            insert({entry{
                .record = d, .state = test_state::pending, .name = {}, .driver_name = {}, .provider = {}}});
}

/// Keeps the order by priority; of equals the earlier one stays first.
void registry::insert(std::list<entry> &&e) {
    const int priority = e.front().record.priority;
    const auto place = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const entry &other) { return other.record.priority < priority; });
    entries_.splice(place, std::move(e));
}

/// While memory is short nothing is decided about a driver: a look at its library or a self test that fails
/// for that says nothing about it. Who ran out of memory, in whatever library, leaves ENOMEM in errno.
result<void> registry::require_usable(entry &e) {
    if (e.state == test_state::pending) {
        const driver &d = e.record;
        const int saved_errno = errno;
        errno = 0;
        const bool available = d.available == nullptr || d.available(d, options_.fips);
        const bool right = available && options_.self_test(d);
        const bool short_of_memory = errno == ENOMEM;
        errno = saved_errno;
        if (!right && short_of_memory)
            return error{ENOMEM, "self test"};
        e.state = right ? test_state::passed : available ? test_state::failed : test_state::unavailable;
        if (e.state == test_state::failed)
            base::log(base::log_level::error, "driver %s failed its self test and is not used",
                      d.driver_name);
        else
            base::log(base::log_level::debug, "driver %s: %s", d.driver_name,
                      right ? "self test passed" : "not available here");
    }
    if (e.state != test_state::passed)
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
    return find_locked(type, text, false);
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
        if (e.record.type != type || e.record.name != text || !allowed(e.record))
            continue;
        const result<void> usable = require_usable(e);
        if (usable)
            return complete(e.record, is_part);
        if (usable.error().code == ENOMEM)
            return usable.error();
        failed = failed || e.state == test_state::failed;
    }
    const std::optional<alg::name> parsed = alg::parse_name(text);
    if (parsed)
        if (const std::optional<alg::name> algorithm = algorithm_of_kernel_driver(*parsed))
            return find_locked(type, algorithm->text(), is_part);
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
    }
    return error{failed ? ELIBBAD : ENOENT, "unknown algorithm"};
}

result<const driver *> registry::complete(const driver &first, bool is_part) {
    if (first.best.is_whole())
        return &first;
    const std::string_view name = first.name;
    for (entry &e : entries_) {
        const driver &second = e.record;
        if (second.type != first.type || second.name != name || !second.best.is_whole() ||
            !(is_part || permitted(second)))
            continue;
        if (const result<void> usable = require_usable(e); !usable) {
            if (usable.error().code == ENOMEM)
                return usable.error();
            continue;
        }
        std::list<entry> made(1);
        entry &joined = made.front();
        joined.state = test_state::passed; // as both have
        joined.name = first.name;
        joined.driver_name = std::string(first.driver_name) + '+' + second.provider;
        joined.provider = std::string(first.provider) + '+' + second.provider;
        driver &d = joined.record;
        d.type = first.type;
        d.parts = {&first, &second};
        // So that it is what the next look-up finds.
        d.priority = first.priority + 1;
        d.name = joined.name.c_str();
        d.driver_name = joined.driver_name.c_str();
        d.provider = joined.provider.c_str();
        fill_combined(d);
        insert(std::move(made));
        return &d;
    }
    return &first;
}

result<const driver *> registry::build(driver_kind type, const alg::name &wanted) {
    const template_record *const t = find_template(wanted.base, type);
    if (t == nullptr) {
        // What only libraries have here the kernel makes by a template too.
        const bool elsewhere = std::any_of(entries_.begin(), entries_.end(), [&](const entry &e) {
            return e.record.type != type && e.record.name == wanted.text();
        });
        return elsewhere ? error{EINVAL, "template of another type"} : error{ENOENT, "unknown template"};
    }
    if (options_.fips)
        return error{ENOENT, "FIPS mode: what we build from parts is not validated"};
    if (t->type != type)
        return error{EINVAL, "template of another type"};
    if (wanted.arguments.size() < t->part_count)
        return error{EINVAL, "template with too few arguments"};
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

void registry::visit(const std::function<void(const driver &, test_state)> &f) {
    const std::lock_guard lock(mutex_);
    for (const entry &e : entries_)
        f(e.record, e.state);
}

} // namespace kcapi::local
