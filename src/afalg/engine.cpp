// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/engine.hpp"

#include "afalg/afalg.hpp"
#include "afalg/state.hpp"

#include <algorithm>
#include <cerrno>

namespace kcapi::afalg {

namespace {

class kernel_transform final : public alg::transform {
  public:
    explicit kernel_transform(std::shared_ptr<bound_socket> bound) : bound_(std::move(bound)) {}

    const alg::properties &info() const noexcept override { return bound_->info; }

    result<std::uint32_t> set(alg::parameter what, base::bytes value) override {
        const int option = option_of(what);
        if (option == 0)
            return error{EOPNOTSUPP, "setsockopt"};
        const result<void> r = set_option(bound_->fd.get(), option, value.data(), value.size());
        if (!r)
            return r.error();
        return std::uint32_t{0};
    }

    result<void> set_tag_size(std::uint32_t size) override {
        // The size is the option's length; there is no value.
        result<void> r = set_option(bound_->fd.get(), uapi::set_aead_authsize, nullptr, size);
        if (r)
            bound_->tag_size = size;
        return r;
    }

    result<std::unique_ptr<alg::operation>> accept() override { return accept_operation(bound_); }

  private:
    /// 0 for what only patched kernels have: mainline gave those numbers to other options.
    static int option_of(alg::parameter what) noexcept {
        switch (what) {
        case alg::parameter::key:
            return uapi::set_key;
        case alg::parameter::entropy:
            return uapi::set_drbg_entropy;
        default:
            return 0;
        }
    }

    const std::shared_ptr<bound_socket> bound_;
};

class kernel_engine final : public alg::engine {
  public:
    const char *name() const noexcept override { return "kernel"; }

    result<std::shared_ptr<alg::transform>> open(alg::kind type, std::string_view name) override {
        result<base::unique_fd> fd = open_socket();
        if (!fd)
            return fd.error();
        if (const result<void> r = bind_algorithm(fd->get(), type, name); !r)
            return r.error();
        // The kernel knows a template's instance no earlier than somebody has bound it.
        result<alg::properties> info = state_->properties.find(type, name, state_->probe);
        if (!info)
            return info.error();
        // The kernel binds nothing else.
        info->state = alg::self_test::passed;
        auto bound = std::make_shared<bound_socket>(std::move(*fd), std::move(*info), state_);
        return std::shared_ptr<alg::transform>(std::make_shared<kernel_transform>(std::move(bound)));
    }

    void list(const std::function<void(const alg::properties &)> &visit) override {
        std::vector<record> records = all_records();
        std::erase_if(records, [&](const record &r) {
            return !is_offered(r, true) || (r.async && !state_->probe.obeys_mask());
        });
        std::stable_sort(records.begin(), records.end(), [](const record &a, const record &b) {
            return a.info.name != b.info.name ? a.info.name < b.info.name : a.info.priority > b.info.priority;
        });
        for (record &r : records) {
            if (r.info.chunk_size == 0)
                r.info.chunk_size = derive_chunk_size(r.info);
            r.info.state = alg::self_test::passed;
            visit(r.info);
        }
    }

  private:
    /// Netlink's list has what /proc/crypto lacks: which entries are devices.
    static std::vector<record> all_records() {
        if (result<netlink> talk = netlink::open())
            if (result<std::vector<record>> all = talk->dump())
                return std::move(*all);
        if (result<std::vector<record>> all = read_proc_crypto())
            return std::move(*all);
        return {};
    }

    const std::shared_ptr<engine_state> state_ = std::make_shared<engine_state>();
};

} // namespace

std::unique_ptr<alg::engine> make_engine() { return std::make_unique<kernel_engine>(); }

} // namespace kcapi::afalg
