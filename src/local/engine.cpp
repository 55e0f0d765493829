// SPDX-License-Identifier: BSD-3-Clause
#include "local/engine.hpp"

#include "local/skcipher.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

driver_kind kind_of(alg::kind k) noexcept {
    switch (k) {
    case alg::kind::skcipher:
        return driver_kind::skcipher;
    case alg::kind::aead:
        return driver_kind::aead;
    case alg::kind::hash:
        return driver_kind::hash;
    case alg::kind::rng:
        return driver_kind::rng;
    case alg::kind::akcipher:
        return driver_kind::akcipher;
    case alg::kind::kpp:
        return driver_kind::kpp;
    }
    return driver_kind::cipher;
}

class local_engine final : public alg::engine {
  public:
    local_engine(const std::vector<const module *> &modules, registry_options options)
        : registry_(modules, std::move(options)) {}

    const char *name() const noexcept override { return "local"; }

    result<std::shared_ptr<alg::transform>> open(alg::kind type, std::string_view name) override {
        if (name.size() > alg::max_bind_name || name.empty())
            return error{name.empty() ? ENOENT : EINVAL, "name length"};
        const result<const driver *> d = registry_.find(kind_of(type), name);
        if (!d)
            return d.error();
        return make_skcipher_transform(**d);
    }

    void list(const std::function<void(const alg::properties &)> &visit) override {
        registry_.visit([&](const driver &d, test_state state) {
            if (d.type == driver_kind::skcipher && state != test_state::failed &&
                state != test_state::unavailable)
                visit(describe(d));
        });
    }

  private:
    registry registry_;
};

} // namespace

std::unique_ptr<alg::engine> make_engine(const std::vector<const module *> &modules,
                                         registry_options options) {
    return std::make_unique<local_engine>(modules, std::move(options));
}

} // namespace kcapi::local
