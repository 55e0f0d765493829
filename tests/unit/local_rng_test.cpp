// SPDX-License-Identifier: BSD-3-Clause
//
// Generators of the local engine, over a toy: what AF_ALG does with any of them.
#include "local/selftest_rng.hpp"
#include "local/transforms.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <new>
#include <vector>

using namespace kcapi;

namespace {

using octets = std::vector<std::uint8_t>;

/// Counts on from the first byte of its seed or entropy; additional data are added to each byte.
class toy_generator final : public local::rng_state {
  public:
    int seed(base::bytes seed) noexcept override {
        seeded_ = true;
        next_ = seed.empty() ? entropy_ : seed[0];
        return seed.size() == 3 ? EINVAL : 0;
    }
    int generate(base::bytes additional, base::mutable_bytes out) noexcept override {
        if (!seeded_)
            return EINVAL;
        const std::uint8_t more = additional.empty() ? std::uint8_t{0} : additional[0];
        for (std::uint8_t &b : out)
            b = static_cast<std::uint8_t>(next_++ + more);
        return 0;
    }
    int set_entropy(base::bytes entropy) noexcept override {
        entropy_ = entropy.empty() ? std::uint8_t{0} : entropy[0];
        return 0;
    }

  private:
    bool seeded_ = false;
    std::uint8_t entropy_ = 0;
    std::uint8_t next_ = 0;
};

/// Gives the same bytes over and over.
class stuck_generator final : public local::rng_state {
  public:
    int seed(base::bytes) noexcept override { return 0; }
    int generate(base::bytes, base::mutable_bytes out) noexcept override {
        std::fill(out.begin(), out.end(), std::uint8_t{9});
        return 0;
    }
};

template <class State>
local::driver toy_rng() {
    local::driver d;
    d.type = local::driver_kind::rng;
    d.name = "toy";
    d.driver_name = "toy-1";
    d.make_rng = [](const local::driver &, std::unique_ptr<local::rng_state> &out) noexcept {
        out.reset(new (std::nothrow) State);
        return out == nullptr ? ENOMEM : 0;
    };
    return d;
}

class local_rng_test : public testing::Test {
  protected:
    local_rng_test() : driver_(toy_rng<toy_generator>()), transform_(*local::make_rng_transform(driver_)) {}

    template <class Value>
    static long number(const result<Value> &r) {
        return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
    }
    static long receive(alg::operation &op, std::size_t n, octets *out = nullptr) {
        octets room(n);
        const iovec v{room.data(), n};
        const long got = number(op.receive({&v, 1}, {}));
        if (out != nullptr)
            *out = octets(room.begin(), room.begin() + std::max(got, 0L));
        return got;
    }
    static long send(alg::operation &op, octets data) {
        const iovec v{data.data(), data.size()};
        return number(op.send({&v, 1}, nullptr, {}));
    }
    long set(alg::parameter what, const octets &value) { return number(transform_->set(what, value)); }

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
};

} // namespace

TEST_F(local_rng_test, gives_at_most_128_bytes_a_call_once_seeded) {
    {
        const auto op = *transform_->accept();
        EXPECT_EQ(receive(*op, 16), -EINVAL);
        EXPECT_EQ(receive(*op, 0), 0);
    }
    EXPECT_EQ(set(alg::parameter::key, octets(3)), -EINVAL);
    ASSERT_EQ(set(alg::parameter::key, {100}), 0);
    const auto op = *transform_->accept();
    octets out;
    EXPECT_EQ(receive(*op, 1, &out), 1);
    EXPECT_EQ(out, octets{100});
    EXPECT_EQ(receive(*op, 128), 128);
    EXPECT_EQ(receive(*op, 129), 128);
    EXPECT_EQ(receive(*op, 4096, &out), 128);
    EXPECT_EQ(out[0], static_cast<std::uint8_t>(100 + 1 + 256));
}

TEST_F(local_rng_test, scattered_and_bad_buffers) {
    ASSERT_EQ(set(alg::parameter::key, {1}), 0);
    const auto op = *transform_->accept();
    octets a(3);
    octets b(200);
    const iovec list[] = {{a.data(), a.size()}, {nullptr, 0}, {b.data(), b.size()}};
    EXPECT_EQ(number(op->receive(list, {})), 128);
    EXPECT_EQ(a, (octets{1, 2, 3}));
    EXPECT_EQ(b[0], 4);
    EXPECT_EQ(b[124], 128);
    EXPECT_EQ(b[125], 0);
    const iovec bad{nullptr, 16};
    EXPECT_EQ(number(op->receive({&bad, 1}, {})), -EFAULT);
    octets out;
    EXPECT_EQ(receive(*op, 1, &out), 1);
    EXPECT_EQ(out[0], 129 + 16) << "what found no room is lost";
    const std::vector<iovec> many(1025);
    EXPECT_EQ(number(op->receive(many, {})), -EMSGSIZE);
}

TEST_F(local_rng_test, operations_share_the_generator_and_keep_it_as_it_is) {
    ASSERT_EQ(set(alg::parameter::key, {10}), 0);
    auto one = *transform_->accept();
    auto two = *transform_->accept();
    octets out;
    EXPECT_EQ(receive(*one, 2, &out), 2);
    EXPECT_EQ(receive(*two, 1, &out), 1);
    EXPECT_EQ(out, octets{12});
    for (const alg::parameter what :
         {alg::parameter::key, alg::parameter::entropy, alg::parameter::public_key})
        EXPECT_EQ(set(what, {1}), -EBUSY);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, EBUSY);
    one.reset();
    EXPECT_EQ(set(alg::parameter::key, {1}), -EBUSY);
    two.reset();
    EXPECT_EQ(set(alg::parameter::key, {1}), 0);
    EXPECT_EQ(set(alg::parameter::public_key, {1}), -ENOPROTOOPT);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, ENOPROTOOPT);
    EXPECT_EQ(set(alg::parameter::key, octets(131072)), -ENOMEM);
}

TEST_F(local_rng_test, has_no_messages_and_is_never_ready) {
    const auto op = *transform_->accept();
    EXPECT_EQ(send(*op, octets(4)), -EOPNOTSUPP);
    EXPECT_EQ(send(*op, {}), -EOPNOTSUPP);
    EXPECT_EQ(op->clone().error().code, EOPNOTSUPP);
    EXPECT_EQ(op->crypt({}).error().code, EOPNOTSUPP);
    EXPECT_FALSE(op->poll().readable);
    EXPECT_FALSE(op->poll().writable);
    EXPECT_TRUE(op->set_buffers(4096, 4096));
}

TEST_F(local_rng_test, entropy_is_given_once_and_lets_operations_take_additional_data) {
    EXPECT_EQ(set(alg::parameter::entropy, octets(129)), -EMSGSIZE);
    ASSERT_EQ(set(alg::parameter::entropy, octets(128, 50)), 0);
    EXPECT_EQ(set(alg::parameter::entropy, {1}), -EINVAL);
    ASSERT_EQ(set(alg::parameter::key, {}), 0);
    const auto op = *transform_->accept();
    EXPECT_EQ(send(*op, octets(129)), -EMSGSIZE);
    EXPECT_EQ(send(*op, octets(128, 30)), 128);
    EXPECT_EQ(send(*op, octets(2, 20)), 2) << "replaces the first";
    octets out;
    EXPECT_EQ(receive(*op, 0), 0);
    EXPECT_EQ(receive(*op, 1, &out), 1);
    EXPECT_EQ(out, octets{70});
    EXPECT_EQ(receive(*op, 1, &out), 1);
    EXPECT_EQ(out, octets{51}) << "for one call alone";
    const iovec bad{nullptr, 4};
    EXPECT_EQ(number(op->send({&bad, 1}, nullptr, {})), -EFAULT);
}

TEST_F(local_rng_test, generator_without_known_entropy_must_not_repeat_itself) {
    EXPECT_TRUE(local::passes_rng_self_test(driver_));
    EXPECT_FALSE(local::passes_rng_self_test(toy_rng<stuck_generator>()));
    EXPECT_FALSE(local::passes_rng_self_test(local::driver{}));
}
