// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/afalg.hpp"
#include "afalg/engine.hpp"
#include "afalg/state.hpp"

#include <algorithm>

namespace kcapi::afalg {

namespace {

[[nodiscard]] bool binds(int fd, alg::kind type, std::string_view name, std::uint32_t selection) {
    return bind_algorithm(fd, type, name, selection).has_value();
}

} // namespace

bool kernel_probe::obeys_mask() {
    answer known = obeys_mask_.load(std::memory_order_relaxed);
    if (known == answer::unknown) {
        // An algorithm that the CPU computes is refused if a device is asked for; the same name without the
        // mask must be there, or the refusal has another reason.
        known = answer::no;
        if (const result<base::unique_fd> fd = open_socket())
            if (!binds(fd->get(), alg::kind::hash, "sha256", uapi::flag_driver_only) &&
                binds(fd->get(), alg::kind::hash, "sha256", 0))
                known = answer::yes;
        obeys_mask_.store(known, std::memory_order_relaxed);
    }
    return known == answer::yes;
}

kernel_probe::list kernel_probe::proc_list() {
    {
        const std::lock_guard lock(mutex_);
        if (proc_list_)
            return proc_list_;
    }
    result<std::vector<record>> records = read_proc_crypto();
    auto made =
        std::make_shared<const std::vector<record>>(records ? std::move(*records) : std::vector<record>{});
    const std::lock_guard lock(mutex_);
    if (!proc_list_)
        proc_list_ = std::move(made);
    return proc_list_;
}

kernel_probe::list kernel_probe::netlink_list() {
    {
        const std::lock_guard lock(mutex_);
        if (netlink_list_)
            return netlink_list_;
    }
    std::vector<record> records;
    if (result<netlink> talk = netlink::open())
        if (result<std::vector<record>> all = talk->dump())
            records = std::move(*all);
    auto made = std::make_shared<const std::vector<record>>(std::move(records));
    const std::lock_guard lock(mutex_);
    if (!netlink_list_)
        netlink_list_ = std::move(made);
    return netlink_list_;
}

bool kernel_probe::hardware_serves(alg::kind type, std::string_view name) {
    // Devices work asynchronously; where the list has nothing of that sort no further question is asked.
    const list proc = proc_list();
    if (std::none_of(proc->begin(), proc->end(), [&](const record &r) {
            return r.async && r.info.type == type && (r.info.name == name || r.info.driver_name == name);
        }))
        return false;
    // What is a device is told by netlink. A bind that must fail would have the kernel look for modules
    // first.
    const list all = netlink_list();
    const record *best = choose(*all, type, name, true);
    if (!all->empty() && (best == nullptr || !best->info.hardware))
        return false;
    const result<base::unique_fd> fd = open_socket();
    if (!fd)
        return false;
    // Since 7.2 the device is listed, and not bound: the name alone would get another driver there.
    if (best != nullptr)
        return binds(fd->get(), type, best->info.driver_name, 0);
    return obeys_mask() && binds(fd->get(), type, name, uapi::flag_driver_only);
}

bool hardware_serves(alg::kind type, std::string_view name) {
    // Never destroyed: threads may still ask while the process ends.
    static kernel_probe *const probe = new kernel_probe;
    return probe->hardware_serves(type, name);
}

} // namespace kcapi::afalg
