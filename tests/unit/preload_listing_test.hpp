// SPDX-License-Identifier: BSD-3-Clause
//
// An engine that only has a list.
#pragma once

#include "alg/engine.hpp"

#include <string>
#include <vector>

namespace kcapi::test {

inline alg::properties listed(alg::kind type, std::string name, std::string driver_name, int priority) {
    alg::properties p;
    p.type = type;
    p.name = std::move(name);
    p.driver_name = std::move(driver_name);
    p.priority = priority;
    p.state = alg::self_test::passed;
    return p;
}

class listed_transform final : public alg::transform {
  public:
    explicit listed_transform(alg::properties p) : info_(std::move(p)) {}
    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter, base::bytes) override { return error{ENOPROTOOPT, "toy"}; }
    result<void> set_tag_size(std::uint32_t) override { return error{ENOPROTOOPT, "toy"}; }
    result<std::unique_ptr<alg::operation>> accept() override { return error{ENOMEM, "toy"}; }

  private:
    alg::properties info_;
};

class listed_engine final : public alg::engine {
  public:
    explicit listed_engine(std::vector<alg::properties> all) : all_(std::move(all)) {}
    const char *name() const noexcept override { return "local"; }
    result<std::shared_ptr<alg::transform>> open(alg::kind type, std::string_view name) override {
        opened.emplace_back(name);
        for (const alg::properties &p : all_)
            if (p.type == type && (p.driver_name == name || name == alias)) {
                if (p.driver_name == broken)
                    return error{ELIBBAD, "toy"};
                return std::shared_ptr<alg::transform>(std::make_shared<listed_transform>(p));
            }
        return error{ENOENT, "toy"};
    }
    void list(const std::function<void(const alg::properties &)> &visit) override {
        for (const alg::properties &p : all_)
            visit(p);
    }

    std::vector<std::string> opened;
    std::string broken;        ///< the driver that fails its self test
    std::string alias = "---"; ///< another name of whatever stands first of its kind

  private:
    std::vector<alg::properties> all_;
};

} // namespace kcapi::test
