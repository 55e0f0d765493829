// SPDX-License-Identifier: BSD-3-Clause
//
// Fuzzes the parser of names, and the look-up of what it makes of them. The first byte is the type.
#include "alg/name.hpp"
#include "local/modules.hpp"
#include "local/registry.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace {

using namespace kcapi;

/// Look-ups make template instances, which stay; a new registry now and then keeps them few.
constexpr int lookups_per_registry = 2000;

void require(bool condition, const char *what) {
    if (condition)
        return;
    std::fprintf(stderr, "fuzz_name: %s\n", what);
    std::abort();
}

void check_parser(std::string_view text) {
    const std::optional<alg::name> name = alg::parse_name(text);
    require(!name || name->text() == text, "a name is not its own canonical text");
    require(!name || text.size() <= alg::max_name, "a name is too long");
    const std::optional<alg::name> lead = alg::leading_template(text);
    require(!lead || !name, "a name and what leads it");
    require(!lead || (lead->is_template() && text.starts_with(lead->text())), "a lead that does not lead");
    require(!lead || alg::parse_name(lead->text()) == lead, "a lead that is no name");
}

void check_lookup(local::driver_kind type, std::string_view text) {
    static std::unique_ptr<local::registry> registry;
    static int lookups = 0;
    if (lookups++ % lookups_per_registry == 0)
        registry = std::make_unique<local::registry>(
            local::linked_modules(),
            local::registry_options{
                .fips = false, .only = {}, .self_test = [](const local::driver &) noexcept { return true; }});
    const result<const local::driver *> first = registry->find(type, text);
    const result<const local::driver *> again = registry->find(type, text);
    require(static_cast<bool>(first) == static_cast<bool>(again), "found once and not again");
    require(!first || *first == *again, "two drivers for one name");
    require(first || first.error().code == again.error().code, "two errors for one name");
    require(!first || (*first)->type == type, "a driver of another type");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char *>(data + 1), size - 1);
    check_parser(text);
    check_lookup(static_cast<kcapi::local::driver_kind>(data[0] % 7), text);
    return 0;
}
