// SPDX-License-Identifier: BSD-3-Clause
//
// Hash transforms and operations of the local engine over a toy, whose digest is the count of its bytes, the
// last byte and the key's length; and the same over the templates. What AF_ALG does is the oracle's matter.
#include "local/engine.hpp"
#include "local/transforms.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

using namespace kcapi;

namespace {

std::atomic<std::size_t> allocations{0};

} // namespace

// Whether a call allocates is a property that callers rely on. Not to be inlined: the compiler takes one of a
// pair that it sees through for a mismatch of the other.
[[gnu::noinline]] void *operator new(std::size_t n) {
    ++allocations;
    if (void *const p = std::malloc(n))
        return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void *operator new(std::size_t n, const std::nothrow_t &) noexcept {
    ++allocations;
    return std::malloc(n);
}
[[gnu::noinline]] void operator delete(void *p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void *p, std::size_t) noexcept { std::free(p); }

namespace {

using octets = std::vector<std::uint8_t>;
using shared_transform = std::shared_ptr<alg::transform>;
using owned_operation = std::unique_ptr<alg::operation>;

constexpr std::uint8_t poison_update = 0xf1;
constexpr std::uint8_t poison_finish = 0xf2;

class toy_context final : public local::hash_context {
  public:
    explicit toy_context(std::uint8_t key) noexcept : key_(key) {}
    int update(base::bytes data) noexcept override {
        for (const std::uint8_t b : data) {
            if (b == poison_update)
                return EIO;
            last_ = b;
            ++count_;
        }
        return 0;
    }
    int finish(std::uint8_t *digest) noexcept override {
        const bool fails = last_ == poison_finish;
        digest[0] = count_;
        digest[1] = last_;
        digest[2] = key_;
        digest[3] = 0xaa;
        (void)restart();
        return fails ? EIO : 0;
    }
    int restart() noexcept override {
        count_ = last_ = 0;
        return 0;
    }
    std::unique_ptr<local::hash_context> clone() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) toy_context(*this));
    }

  private:
    std::uint8_t key_;
    std::uint8_t count_ = 0;
    std::uint8_t last_ = 0;
};

alg::transform *asked_from_inside = nullptr;
int answer_inside = 0;

class toy_key final : public local::hash_key {
  public:
    explicit toy_key(std::size_t key) noexcept : key_(static_cast<std::uint8_t>(key)) {}
    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) toy_context(key_));
    }
    /// Tells what setting a key would answer meanwhile.
    int pbkdf2(base::bytes, std::uint32_t count, base::mutable_bytes out) const noexcept override {
        if (asked_from_inside != nullptr) {
            const result<std::uint32_t> r = asked_from_inside->set(alg::parameter::key, octets(3));
            answer_inside = r ? 0 : r.error().code;
        }
        if (count == 0)
            return EOPNOTSUPP;
        std::fill(out.begin(), out.end(), key_);
        return 0;
    }

  private:
    std::uint8_t key_;
};

int make_toy(const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    if (key.size() == 5)
        return EINVAL;
    out.reset(new (std::nothrow) toy_key(key.size()));
    return 0;
}

local::driver toy(local::key_use use) {
    local::driver d;
    d.type = local::driver_kind::hash;
    d.name = d.driver_name = "toy";
    d.sizes = {.block_size = 8, .min_key_size = 1, .max_key_size = 8, .digest_size = 4, .key = use};
    d.make_hash = make_toy;
    return d;
}

const local::driver plain = toy(local::key_use::none);
const local::driver keyed = toy(local::key_use::required);
const local::driver either = toy(local::key_use::optional);

shared_transform transform_of(const local::driver &d) {
    result<shared_transform> t = local::make_hash_transform(d);
    EXPECT_TRUE(t);
    return *t;
}

owned_operation accept(alg::transform &t) {
    result<owned_operation> o = t.accept();
    EXPECT_TRUE(o);
    return std::move(*o);
}

int code_of(const auto &r) { return r ? 0 : r.error().code; }

int set_key(alg::transform &t, std::size_t length) {
    return code_of(t.set(alg::parameter::key, octets(length)));
}

int send(alg::operation &o, const octets &data, bool more = false) {
    const iovec v = base::to_iovec(base::bytes(data));
    const result<std::size_t> r = o.send({&v, 1}, nullptr, {.more = more, .dont_wait = false});
    EXPECT_TRUE(!r || *r == data.size());
    return code_of(r);
}

octets receive(alg::operation &o, std::size_t room = 100) {
    octets out(room);
    const iovec v = base::to_iovec(base::mutable_bytes(out));
    const result<std::size_t> r = o.receive({&v, 1}, {});
    EXPECT_TRUE(r) << code_of(r);
    out.resize(r ? *r : 0);
    return out;
}

octets digest(std::uint8_t count, std::uint8_t last, std::uint8_t key = 0) {
    return {count, last, key, 0xaa};
}

} // namespace

TEST(local_hash, a_key_where_there_is_none_is_enosys_and_an_operation_is_in_the_way) {
    const shared_transform t = transform_of(plain);
    EXPECT_EQ(ENOSYS, set_key(*t, 4));
    EXPECT_EQ(ENOSYS, set_key(*t, 0));
    EXPECT_EQ(ENOPROTOOPT, code_of(t->set(alg::parameter::entropy, octets(4))));
    EXPECT_EQ(ENOPROTOOPT, code_of(t->set_tag_size(4)));
    owned_operation o = accept(*t);
    EXPECT_EQ(EBUSY, set_key(*t, 4));
    EXPECT_EQ(EBUSY, code_of(t->set_tag_size(4)));
    o.reset();
    EXPECT_EQ(ENOSYS, set_key(*t, 4));
}

TEST(local_hash, a_refused_key_leaves_none_where_one_is_needed) {
    const shared_transform t = transform_of(keyed);
    for (const std::size_t bad : {0, 5, 9}) {
        ASSERT_EQ(0, set_key(*t, 4));
        EXPECT_EQ(EINVAL, set_key(*t, bad));
        const owned_operation o = accept(*t);
        EXPECT_EQ(ENOKEY, send(*o, {1})) << bad;
        EXPECT_EQ(ENOKEY, code_of(o->clone())) << bad;
        EXPECT_EQ(ENOKEY, code_of(o->receive({}, {}))) << bad;
        EXPECT_EQ(ENOKEY, code_of(o->crypt({}))) << bad;
    }
}

TEST(local_hash, a_refused_key_leaves_the_old_one_where_it_is_optional) {
    const shared_transform t = transform_of(either);
    EXPECT_EQ(digest(0, 0, 0), receive(*accept(*t)));
    EXPECT_EQ(EINVAL, set_key(*t, 5));
    EXPECT_EQ(digest(0, 0, 0), receive(*accept(*t)));
    EXPECT_EQ(0, set_key(*t, 3));
    EXPECT_EQ(EINVAL, set_key(*t, 0));
    EXPECT_EQ(digest(0, 0, 3), receive(*accept(*t)));
}

TEST(local_hash, a_driver_that_fails_leaves_the_operation_idle) {
    const shared_transform t = transform_of(plain);
    const owned_operation o = accept(*t);
    ASSERT_EQ(0, send(*o, {1, 2}, true));
    EXPECT_EQ(EIO, send(*o, {3, poison_update}, true));
    EXPECT_EQ(digest(0, 0), receive(*o));
    ASSERT_EQ(0, send(*o, {7}));
    EXPECT_EQ(EIO, send(*o, {poison_finish}));
    EXPECT_EQ(digest(0, 0), receive(*o));
    ASSERT_EQ(0, send(*o, {poison_finish}, true));
    EXPECT_EQ(EIO, code_of(o->receive({}, {})));
    EXPECT_EQ(digest(0, 0), receive(*o));
}

TEST(local_hash, crypt_is_a_message_of_its_own) {
    const shared_transform t = transform_of(plain);
    const owned_operation o = accept(*t);
    octets in{1, 2, 3};
    octets out(6, 0xee);
    const iovec from[] = {base::to_iovec(base::bytes(in)), {nullptr, 0}, base::to_iovec(base::bytes(in))};
    for (const std::size_t room : {0, 1, 3, 4, 6}) {
        std::fill(out.begin(), out.end(), std::uint8_t{0xee});
        const iovec to{out.data(), room};
        // A digest that waits does not survive it.
        ASSERT_EQ(0, send(*o, {9}));
        const result<std::size_t> r = o->crypt({.in = from, .out = {&to, 1}, .header = nullptr});
        ASSERT_TRUE(r);
        EXPECT_EQ(std::min<std::size_t>(room, 4), *r);
        octets expected = digest(6, 3);
        expected.resize(*r);
        expected.resize(out.size(), 0xee);
        EXPECT_EQ(expected, out);
        EXPECT_EQ(digest(0, 0), receive(*o));
    }
    const iovec to{out.data(), out.size()};
    const iovec nowhere{nullptr, 4};
    EXPECT_EQ(EFAULT, code_of(o->crypt({.in = {&nowhere, 1}, .out = {&to, 1}, .header = nullptr})));
    EXPECT_EQ(EFAULT, code_of(o->crypt({.in = from, .out = {&nowhere, 1}, .header = nullptr})));
    ASSERT_EQ(0, send(*o, {1}, true));
    EXPECT_EQ(EINVAL, code_of(o->crypt({.in = from, .out = {&to, 1}, .header = nullptr})));
    EXPECT_EQ(digest(1, 1), receive(*o));
}

TEST(local_hash, only_making_an_operation_takes_memory) {
    const shared_transform t = transform_of(plain);
    const owned_operation o = accept(*t);
    octets in(1000);
    octets out(4);
    const iovec from = base::to_iovec(base::bytes(in));
    const iovec to = base::to_iovec(base::mutable_bytes(out));
    const std::size_t before = allocations;
    (void)o->crypt({.in = {&from, 1}, .out = {&to, 1}, .header = nullptr});
    (void)o->send({&from, 1}, nullptr, {.more = true, .dont_wait = false});
    (void)o->send({&from, 1}, nullptr, {});
    (void)o->receive({&to, 1}, {});
    EXPECT_EQ(before, allocations);
    (void)accept(*t);
    EXPECT_LT(before, allocations);
}

TEST(local_hash, a_copy_counts_and_keeps_its_transform) {
    shared_transform t = transform_of(keyed);
    ASSERT_EQ(0, set_key(*t, 2));
    owned_operation o = accept(*t);
    ASSERT_EQ(0, send(*o, {1, 2}, true));
    owned_operation copy = std::move(*o->clone());
    owned_operation fresh = accept(*t);
    o.reset();
    fresh.reset();
    EXPECT_EQ(EBUSY, set_key(*t, 2));
    ASSERT_EQ(0, send(*copy, {3}));
    copy = std::move(*copy->clone());
    EXPECT_EQ(digest(0, 0, 2), receive(*copy));
    EXPECT_EQ(EBUSY, set_key(*t, 2));
    t.reset();
    ASSERT_EQ(0, send(*copy, {4}));
    EXPECT_EQ(digest(1, 4, 2), receive(*copy));
}

TEST(local_hash, the_key_stays_while_pbkdf2_works) {
    const shared_transform t = transform_of(keyed);
    octets out(3);
    EXPECT_EQ(ENOKEY, code_of(t->pbkdf2({}, 1, out)));
    ASSERT_EQ(0, set_key(*t, 7));
    asked_from_inside = t.get();
    EXPECT_EQ(0, code_of(t->pbkdf2({}, 1, out)));
    asked_from_inside = nullptr;
    EXPECT_EQ(EBUSY, answer_inside);
    EXPECT_EQ(octets(3, 7), out);
    EXPECT_EQ(EOPNOTSUPP, code_of(t->pbkdf2({}, 0, out)));
    EXPECT_EQ(0, set_key(*t, 3));
}

TEST(local_hash, operations_of_one_key_run_in_threads) {
    const shared_transform t = transform_of(keyed);
    ASSERT_EQ(0, set_key(*t, 6));
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (std::uint8_t id = 1; id <= 4; ++id)
        threads.emplace_back([&, id] {
            for (int i = 0; i < 500; ++i) {
                const owned_operation o = accept(*t);
                (void)send(*o, {1, id}, true);
                const owned_operation copy = std::move(*o->clone());
                (void)send(*copy, {id});
                if (receive(*copy) != digest(3, id, 6) || receive(*o) != digest(2, id, 6))
                    ++wrong;
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    EXPECT_EQ(0, wrong);
    EXPECT_EQ(0, set_key(*t, 1));
}

TEST(local_hash, nothing_is_ever_ready_and_buffers_do_not_matter) {
    const owned_operation o = accept(*transform_of(plain));
    ASSERT_EQ(0, send(*o, {1}));
    const alg::readiness r = o->poll();
    EXPECT_FALSE(r.readable || r.writable);
    EXPECT_TRUE(o->set_buffers(1, 1));
    EXPECT_EQ(digest(1, 1), receive(*o));
}

TEST(local_hash, the_engine_opens_it_and_a_broken_driver_fails_its_self_test) {
    const local::driver drivers[] = {keyed};
    const local::module m{.stamp = local::module_stamp, .name = "toy", .version = "", .drivers = drivers};
    local::registry_options trust;
    trust.self_test = [](const local::driver &) noexcept { return true; };
    const auto trusting = local::make_engine({&m}, trust);
    ASSERT_TRUE(trusting->open(alg::kind::hash, "toy"));
    EXPECT_EQ(EINVAL, code_of(trusting->open(alg::kind::hash, "hmac(toy)"))) << "it needs a key";
    // A driver that claims sha1 but is none.
    local::driver wrong[] = {plain};
    wrong[0].name = wrong[0].driver_name = "sha1";
    wrong[0].sizes.digest_size = 20;
    const local::module n{.stamp = local::module_stamp, .name = "toy", .version = "", .drivers = wrong};
    EXPECT_EQ(ELIBBAD, code_of(local::make_engine({&n}, {})->open(alg::kind::hash, "sha1")));
}
