// SPDX-License-Identifier: BSD-3-Clause
//
// Netlink knows the sizes, but answers with the newest implementation of a name, not with the one that bind
// took. /proc/crypto tells which one that is, and the chunk size; where it cannot be read, netlink's list
// tells the former.
#include "afalg/state.hpp"
#include "base/log.hpp"

#include <cerrno>

namespace kcapi::afalg {

namespace {

/// Names a program makes up must not fill the memory.
constexpr std::size_t max_known = 1024;

/// The entry that bind took. Where the best is asynchronous and another one is not, that depends on what the
/// kernel lets AF_ALG have: found out no earlier than it matters, for it takes time.
const record *serving(const std::vector<record> &records, alg::kind type, std::string_view name,
                      kernel_probe &probe) {
    const record *best = choose(records, type, name, true);
    if (best == nullptr || !best->async)
        return best;
    const record *synchronous = choose(records, type, name, false);
    return synchronous == nullptr || probe.obeys_mask() ? best : synchronous;
}

/// Asks everybody who may know, the best source first, and puts the answers together.
class inquiry {
  public:
    inquiry(alg::kind type, std::string_view name, kernel_probe &probe)
        : type_(type), name_(name), probe_(probe) {}

    result<alg::properties> run() {
        ask_netlink();
        ask_proc();
        if (answer_)
            return complete(*answer_);
        if (std::optional<alg::properties> known = known_properties(type_, name_))
            return *known;
        base::log(base::log_level::error,
                  "kernel: nothing is known of %.*s: NETLINK_CRYPTO gave errno %d, /proc/crypto %s; load the "
                  "module "
                  "crypto_user or make /proc/crypto readable",
                  static_cast<int>(name_.size()), name_.data(), failure_.code,
                  listed_ ? "does not list it" : "cannot be read");
        return failure_;
    }

  private:
    void ask_netlink() {
        result<netlink> opened = netlink::open();
        if (!opened) {
            failure_ = opened.error();
            return;
        }
        netlink_ = std::move(*opened);
        result<record> r = netlink_->by_name(type_, name_);
        if (!r) {
            failure_ = r.error();
            r = netlink_->by_driver(type_, name_);
        }
        if (r)
            answer_ = std::move(r->info);
    }

    void ask_proc() {
        const result<std::vector<record>> proc = read_proc_crypto();
        if (proc && !proc->empty()) {
            listed_ = true;
            if (const record *best = serving(*proc, type_, name_, probe_); best != nullptr)
                settle(best->info);
        } else if (netlink_) {
            const result<std::vector<record>> all = netlink_->dump();
            if (!all)
                return;
            if (const record *best = serving(*all, type_, name_, probe_); best != nullptr)
                answer_ = best->info;
        }
    }

    /// The listed implementation is the serving one; netlink, where it answers for it, has the word on its
    /// sizes.
    void settle(const alg::properties &listed) {
        if (netlink_ && (!answer_ || answer_->driver_name != listed.driver_name)) {
            result<record> r = netlink_->by_driver(type_, listed.driver_name);
            if (r && r->info.name == listed.name)
                answer_ = std::move(r->info);
            else if (answer_)
                answer_->hardware = false;
        }
        if (!answer_)
            answer_ = listed;
        answer_->name = listed.name;
        answer_->driver_name = listed.driver_name;
        answer_->priority = listed.priority;
        answer_->chunk_size = listed.chunk_size;
    }

    static alg::properties complete(alg::properties info) {
        if (info.chunk_size == 0)
            info.chunk_size = derive_chunk_size(info);
        return info;
    }

    const alg::kind type_;
    const std::string_view name_;
    kernel_probe &probe_;
    std::optional<netlink> netlink_;
    std::optional<alg::properties> answer_;
    error failure_{ENOENT, "properties"};
    bool listed_ = false;
};

} // namespace

result<alg::properties> property_cache::find(alg::kind type, std::string_view name, kernel_probe &probe) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto it = known_.find(key{type, name}); it != known_.end())
            return it->second;
    }
    result<alg::properties> found = inquiry(type, name, probe).run();
    if (found) {
        base::log(base::log_level::verbose, "kernel: %s is %s, priority %d", found->name.c_str(),
                  found->driver_name.empty() ? "not told by whom" : found->driver_name.c_str(),
                  found->priority);
        const std::lock_guard lock(mutex_);
        if (known_.size() < max_known)
            known_.insert_or_assign(key{type, name}, *found);
    }
    return found;
}

} // namespace kcapi::afalg
