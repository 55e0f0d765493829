// SPDX-License-Identifier: BSD-3-Clause
#include "diff/case_source.hpp"

#include <stdexcept>

namespace kcapi::diff {

using oracle::call;
using oracle::verb;

std::optional<case_call> case_source::next() {
    if (planned_.empty() && !more())
        return std::nullopt;
    case_call c = std::move(planned_.front());
    planned_.pop_front();
    return c;
}

void case_source::plan_open() {
    call c;
    c.what = verb::open;
    c.object = "t";
    c.type = about_.type;
    c.name = about_.name;
    plan(std::move(c));
}

void case_source::plan_key(oracle::pattern value) {
    call c;
    c.what = verb::key;
    c.object = "t";
    c.value = std::move(value);
    plan(std::move(c));
}

void case_source::plan_accept(const std::string &object, const std::string &parent) {
    call c;
    c.what = verb::accept;
    c.object = object;
    c.parent = parent;
    plan(std::move(c));
}

void case_source::plan_close(const std::string &object) {
    call c;
    c.what = verb::close;
    c.object = object;
    plan(std::move(c));
}

void case_source::plan_receive(const std::string &object, std::vector<oracle::room> rooms) {
    call c;
    c.what = verb::receive;
    c.object = object;
    c.rooms = std::move(rooms);
    c.dont_wait = true;
    plan(std::move(c));
}

call case_source::send_of(const std::string &object, std::size_t size) {
    call c;
    c.what = verb::send;
    c.object = object;
    for (const std::size_t part : random_.parts_of(size))
        c.segments.push_back(random_.bytes(part));
    c.dont_wait = true;
    return c;
}

std::size_t case_source::size_like(const std::vector<std::size_t> &good) {
    if (good.empty() || random_.one_in(10))
        return random_.below((good.empty() ? 0 : good.back()) + 10);
    return random_.any_of(good);
}

std::unique_ptr<case_source> make_case_source(std::uint64_t seed, const test::name_record &about,
                                              const kernel_ways &ways) {
    if (about.type == "skcipher")
        return make_skcipher_case(seed, about, ways);
    if (about.type == "aead")
        return make_aead_case(seed, about);
    if (about.type == "hash")
        return make_hash_case(seed, about);
    if (about.type == "rng")
        return make_rng_case(seed, about);
    throw std::runtime_error("no cases for the type " + about.type);
}

} // namespace kcapi::diff
