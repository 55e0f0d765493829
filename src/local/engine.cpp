// SPDX-License-Identifier: BSD-3-Clause
#include "local/engine.hpp"

#include "local/describe.hpp"
#include "local/transforms.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

/// Null for a kind without drivers.
transform_maker *maker_of(alg::kind kind) noexcept {
    switch (kind) {
    case alg::kind::skcipher:
        return make_skcipher_transform;
    case alg::kind::hash:
        return make_hash_transform;
    case alg::kind::rng:
        return make_rng_transform;
    case alg::kind::akcipher:
        return make_akcipher_transform;
    case alg::kind::kpp:
        return make_kpp_transform;
    case alg::kind::aead:
        return make_aead_transform;
    default:
        return nullptr;
    }
}

class local_engine final : public alg::engine {
  public:
    local_engine(const std::vector<const module *> &modules, registry_options options,
                 std::vector<module_file> files)
        : registry_(modules, std::move(options), std::move(files)) {}

    const char *name() const noexcept override { return "local"; }

    result<std::shared_ptr<alg::transform>> open(alg::kind type, std::string_view name) override {
        if (name.size() > alg::max_bind_name || name.empty())
            return error{name.empty() ? ENOENT : EINVAL, "name length"};
        const result<const driver *> d = registry_.find(type_of(type), name);
        if (!d)
            return d.error();
        transform_maker *const make = maker_of(type);
        if (make == nullptr)
            return error{ENOENT, "unknown algorithm"};
        return make(**d);
    }

    void list(const std::function<void(const alg::properties &)> &visit) override {
        registry_.visit([&](const driver &d, alg::self_test state) {
            if (kind_of(d.type))
                visit(describe(d, state));
        });
    }

  private:
    registry registry_;
};

} // namespace

std::unique_ptr<alg::engine> make_engine(const std::vector<const module *> &modules, registry_options options,
                                         std::vector<module_file> files) {
    return std::make_unique<local_engine>(modules, std::move(options), std::move(files));
}

} // namespace kcapi::local
