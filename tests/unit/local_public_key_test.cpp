// SPDX-License-Identifier: BSD-3-Clause
//
// akcipher and kpp of the local engine over toys: messages, keys, and what an operation forbids.
#include "local/transforms.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <new>
#include <thread>
#include <vector>

using namespace kcapi;
using alg::op_code;
using alg::parameter;

namespace {

using octets = std::vector<std::uint8_t>;

/// Gives back what it gets, behind the key's first byte and the operation's number. EBADMSG for input that
/// begins with 0xbb. Keys begin with their own size.
class toy_key final : public local::akcipher_key {
  public:
    explicit toy_key(std::uint8_t first) noexcept : first_(first) {}
    std::uint32_t output_size() const noexcept override { return 100; }
    int crypt(op_code op, base::bytes in, base::mutable_bytes out,
              std::size_t &produced) const noexcept override {
        if (in.size() + 2 > out.size())
            return EINVAL;
        if (!in.empty() && in[0] == 0xbb)
            return EBADMSG;
        out[0] = first_;
        out[1] = static_cast<std::uint8_t>(op);
        std::copy(in.begin(), in.end(), out.begin() + 2);
        produced = in.size() + 2;
        return 0;
    }

  private:
    const std::uint8_t first_;
};

local::driver toy_akcipher() {
    local::driver d;
    d.type = local::driver_kind::akcipher;
    d.name = "toy";
    d.driver_name = "toy-1";
    d.make_akcipher = [](const local::driver &, base::bytes key, bool is_private,
                         std::unique_ptr<local::akcipher_key> &out) noexcept {
        if (key.empty() || key[0] != key.size())
            return EINVAL;
        out.reset(new (std::nothrow) toy_key(is_private ? std::uint8_t{0x50} : std::uint8_t{0x51}));
        return out == nullptr ? ENOMEM : 0;
    };
    return d;
}

/// Its public key is the private one, the shared secret the peer's.
class toy_agreement final : public local::kpp_state {
  public:
    int set_parameters(parameter what, base::bytes value) noexcept override {
        if (what != parameter::dh_parameters)
            return ENOPROTOOPT;
        if (value.empty())
            return EINVAL;
        size_ = value[0];
        key_ = 0;
        return 0;
    }
    int set_key(base::bytes key) noexcept override {
        key_ = 0;
        if (size_ == 0 || (!key.empty() && key[0] == 0))
            return EINVAL;
        key_ = key.empty() ? std::uint8_t{0x77} : key[0];
        return 0;
    }
    std::uint32_t output_size() const noexcept override { return size_; }
    int public_key(base::mutable_bytes out, std::size_t &produced) noexcept override {
        std::fill(out.begin(), out.end(), key_);
        produced = size_;
        return 0;
    }
    int shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept override {
        if (peer.size() != size_)
            return EINVAL;
        std::copy(peer.begin(), peer.end(), out.begin());
        produced = size_;
        return 0;
    }

  private:
    std::uint8_t size_ = 0;
    std::uint8_t key_ = 0;
};

local::driver toy_kpp() {
    local::driver d;
    d.type = local::driver_kind::kpp;
    d.name = "toy";
    d.driver_name = "toy-1";
    d.make_kpp = [](const local::driver &, std::unique_ptr<local::kpp_state> &out) noexcept {
        out.reset(new (std::nothrow) toy_agreement);
        return out == nullptr ? ENOMEM : 0;
    };
    return d;
}

constexpr alg::call_flags more_now{.more = true, .dont_wait = true};
constexpr alg::call_flags final_now{.more = false, .dont_wait = true};

template <class Value>
long number(const result<Value> &r) {
    return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
}

long send(alg::operation &op, octets data, alg::call_flags flags, const alg::control *header = nullptr) {
    const iovec v{data.data(), data.size()};
    return number(op.send({&v, 1}, header, flags));
}

long receive(alg::operation &op, std::size_t room, octets &out, alg::call_flags flags = final_now) {
    out.assign(room, 0xee);
    const iovec v{out.data(), room};
    const long n = number(op.receive({&v, 1}, flags));
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return n;
}

long crypt(alg::operation &op, octets in, octets &out, const alg::control *header) {
    const iovec from{in.data(), in.size()};
    const iovec to{out.data(), out.size()};
    return number(op.crypt({.in = {&from, 1}, .out = {&to, 1}, .header = header}));
}

class akcipher_test : public testing::Test {
  protected:
    akcipher_test() : driver_(toy_akcipher()), transform_(*local::make_akcipher_transform(driver_)) {}
    std::unique_ptr<alg::operation> keyed() {
        EXPECT_EQ(number(transform_->set(parameter::key, octets{3, 0, 0})), 100);
        return *transform_->accept();
    }

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
    octets out_;
    const alg::control sign_{.op = op_code::sign, .iv = std::nullopt, .assoc_len = 0};
};

class kpp_test : public testing::Test {
  protected:
    kpp_test() : driver_(toy_kpp()), transform_(*local::make_kpp_transform(driver_)) {}

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
    octets out_;
    const alg::control keygen_{.op = op_code::keygen, .iv = std::nullopt, .assoc_len = 0};
    const alg::control ssgen_{.op = op_code::ssgen, .iv = std::nullopt, .assoc_len = 0};
};

} // namespace

TEST_F(akcipher_test, message_is_computed_as_a_whole_when_it_has_ended) {
    const auto op = keyed();
    EXPECT_EQ(receive(*op, 10, out_), -EAGAIN);
    EXPECT_EQ(send(*op, {1, 2}, more_now, &sign_), 2);
    EXPECT_EQ(receive(*op, 10, out_), -EAGAIN);
    EXPECT_FALSE(op->poll().readable);
    EXPECT_EQ(send(*op, {3}, final_now), 1);
    EXPECT_TRUE(op->poll().readable);
    EXPECT_EQ(send(*op, {4}, final_now), -EINVAL) << "the finished message is not collected";
    EXPECT_EQ(receive(*op, 0, out_), 0);
    EXPECT_EQ(receive(*op, 10, out_), 5);
    EXPECT_EQ(out_, (octets{0x50, 2, 1, 2, 3}));
    EXPECT_EQ(receive(*op, 10, out_), -EAGAIN);
    EXPECT_EQ(send(*op, {9}, final_now), 1) << "the operation code stays";
    EXPECT_EQ(receive(*op, 10, out_, {}), 3) << "a receive that may wait does not wait for more";
    EXPECT_EQ(out_, (octets{0x50, 2, 9}));
}

TEST_F(akcipher_test, small_buffer_leaves_the_message_and_a_failure_does_not) {
    const auto op = keyed();
    ASSERT_EQ(send(*op, {1, 2, 3}, final_now, &sign_), 3);
    EXPECT_EQ(receive(*op, 4, out_), -EINVAL);
    EXPECT_EQ(receive(*op, 5, out_), 5);
    ASSERT_EQ(send(*op, {0xbb}, final_now), 1);
    EXPECT_EQ(receive(*op, 10, out_), -EBADMSG);
    EXPECT_EQ(receive(*op, 10, out_), -EAGAIN);
    ASSERT_EQ(send(*op, {7}, final_now), 1);
    EXPECT_EQ(receive(*op, 10, out_), 3);
}

TEST_F(akcipher_test, message_has_a_largest_size) {
    const auto op = keyed();
    ASSERT_EQ(send(*op, octets(16384), more_now, &sign_), 16384);
    EXPECT_EQ(send(*op, {1}, final_now), -EMSGSIZE);
    EXPECT_EQ(send(*op, {}, final_now), 0);
    EXPECT_EQ(receive(*op, 200, out_), -EINVAL) << "what the key says to so much";
    octets out(200);
    EXPECT_EQ(crypt(*op, octets(16385), out, &sign_), -EINVAL);
}

TEST_F(akcipher_test, one_message_in_one_call) {
    const auto op = keyed();
    octets out(5, 0xee);
    EXPECT_EQ(crypt(*op, {1, 2}, out, &sign_), 4);
    EXPECT_EQ(out, (octets{0x50, 2, 1, 2, 0xee}));
    EXPECT_EQ(crypt(*op, {0xbb}, out, &sign_), -EBADMSG);
    EXPECT_EQ(crypt(*op, {1, 2, 3, 4}, out, &sign_), -EINVAL) << "no room";
    EXPECT_EQ(crypt(*op, {1}, out, &sign_), 3) << "nothing is left of those before";
    alg::control bad = sign_;
    for (const op_code op_number : {op_code::keygen, op_code::ssgen, static_cast<op_code>(6)}) {
        bad.op = op_number;
        EXPECT_EQ(crypt(*op, {1}, out, &bad), -EINVAL);
        EXPECT_EQ(send(*op, {1}, final_now, &bad), -EINVAL);
    }
    ASSERT_EQ(send(*op, {1}, more_now, &sign_), 1);
    EXPECT_EQ(crypt(*op, {1}, out, &sign_), -EINVAL) << "not idle";
    const iovec null{nullptr, 4};
    EXPECT_EQ(number(op->send({&null, 1}, nullptr, final_now)), -EFAULT);
    EXPECT_EQ(number(op->receive({&null, 1}, final_now)), -EFAULT);
}

TEST_F(akcipher_test, keys_replace_each_other_until_an_operation_uses_one) {
    auto early = *transform_->accept();
    EXPECT_EQ(send(*early, {1}, final_now, &sign_), -ENOKEY);
    EXPECT_EQ(receive(*early, 4, out_), -ENOKEY);
    EXPECT_EQ(number(transform_->set(parameter::key, octets{3, 0, 0})), 100) << "not used yet";
    EXPECT_EQ(number(transform_->set(parameter::public_key, octets{1})), 100);
    octets out(4);
    EXPECT_EQ(crypt(*early, {1}, out, &sign_), 3);
    EXPECT_EQ(out[0], 0x51);
    EXPECT_EQ(number(transform_->set(parameter::key, octets{1})), -EBUSY);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, EBUSY);
    early.reset();
    EXPECT_EQ(number(transform_->set(parameter::key, octets{5})), -EINVAL);
    EXPECT_EQ(crypt(**transform_->accept(), {1}, out, &sign_), -ENOKEY) << "a refused key leaves none";
    EXPECT_EQ(number(transform_->set(parameter::entropy, octets{1})), -ENOPROTOOPT);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, ENOPROTOOPT);
    EXPECT_EQ(number(transform_->set(parameter::key, octets(131072))), -ENOMEM);
}

TEST_F(akcipher_test, receive_sleeps_until_the_message_has_ended) {
    const auto op = keyed();
    std::thread sender([&] {
        EXPECT_EQ(send(*op, {1}, more_now, &sign_), 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_EQ(send(*op, {2}, final_now), 1);
    });
    EXPECT_EQ(receive(*op, 10, out_, {}), 4);
    sender.join();
}

TEST_F(kpp_test, parameters_key_public_key_secret) {
    EXPECT_EQ(number(transform_->set(parameter::key, octets{9})), -EINVAL) << "before the parameters";
    EXPECT_EQ(number(transform_->set(parameter::dh_parameters, octets{4})), 4);
    EXPECT_EQ(number(transform_->set(parameter::key, octets{9})), 4);
    const auto op = *transform_->accept();
    octets out(6, 0xee);
    EXPECT_EQ(crypt(*op, {}, out, &keygen_), 4);
    EXPECT_EQ(out, (octets{9, 9, 9, 9, 0xee, 0xee}));
    EXPECT_EQ(crypt(*op, {1, 2, 3, 4}, out, &ssgen_), 4);
    EXPECT_EQ(out, (octets{1, 2, 3, 4, 0xee, 0xee}));
    EXPECT_EQ(crypt(*op, {1, 2, 3}, out, &ssgen_), -EINVAL);
    EXPECT_EQ(crypt(*op, {1}, out, &keygen_), -EINVAL) << "it takes no input";
    out.resize(3);
    EXPECT_EQ(crypt(*op, {}, out, &keygen_), -EINVAL);
    alg::control bad = keygen_;
    bad.op = op_code::encrypt;
    EXPECT_EQ(crypt(*op, {}, out, &bad), -EINVAL);
    ASSERT_EQ(send(*op, {}, final_now, &keygen_), 0);
    EXPECT_EQ(receive(*op, 10, out_), 4);
    EXPECT_EQ(out_, octets(4, 9));
}

TEST_F(kpp_test, an_operation_without_header_is_none) {
    ASSERT_EQ(number(transform_->set(parameter::dh_parameters, octets{4})), 4);
    ASSERT_EQ(number(transform_->set(parameter::key, octets{9})), 4);
    const auto op = *transform_->accept();
    ASSERT_EQ(send(*op, {1, 2, 3, 4}, final_now), 4);
    EXPECT_EQ(receive(*op, 10, out_), -EINVAL);
}

TEST_F(kpp_test, empty_key_is_generated_and_new_parameters_take_it_away) {
    ASSERT_EQ(number(transform_->set(parameter::dh_parameters, octets{4})), 4);
    octets out(8);
    EXPECT_EQ(crypt(**transform_->accept(), {}, out, &keygen_), -ENOKEY);
    ASSERT_EQ(number(transform_->set(parameter::key, {})), 4);
    EXPECT_EQ(crypt(**transform_->accept(), {}, out, &keygen_), 4);
    EXPECT_EQ(out[0], 0x77);
    EXPECT_EQ(number(transform_->set(parameter::dh_parameters, {})), -EINVAL);
    EXPECT_EQ(crypt(**transform_->accept(), {}, out, &keygen_), 4) << "refused parameters change nothing";
    ASSERT_EQ(number(transform_->set(parameter::dh_parameters, octets{5})), 5);
    EXPECT_EQ(crypt(**transform_->accept(), {}, out, &keygen_), -ENOKEY);
    ASSERT_EQ(number(transform_->set(parameter::key, {})), 5);
    EXPECT_EQ(number(transform_->set(parameter::key, octets{0})), -EINVAL);
    EXPECT_EQ(crypt(**transform_->accept(), {}, out, &keygen_), -ENOKEY);
}

TEST_F(kpp_test, nothing_is_set_while_an_operation_uses_the_key) {
    ASSERT_EQ(number(transform_->set(parameter::dh_parameters, octets{4})), 4);
    auto early = *transform_->accept();
    ASSERT_EQ(number(transform_->set(parameter::key, {})), 4) << "not used yet";
    octets out(8);
    ASSERT_EQ(crypt(*early, {}, out, &keygen_), 4);
    for (const parameter what : {parameter::key, parameter::dh_parameters, parameter::ecdh_curve})
        EXPECT_EQ(number(transform_->set(what, octets{4})), -EBUSY);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, EBUSY);
    early.reset();
    EXPECT_EQ(number(transform_->set(parameter::ecdh_curve, octets{'1'})), -ENOPROTOOPT);
    EXPECT_EQ(number(transform_->set(parameter::public_key, octets{1})), -ENOPROTOOPT);
    EXPECT_EQ(number(transform_->set(parameter::dh_parameters, octets(131072))), -ENOMEM);
    EXPECT_EQ(transform_->set_tag_size(4).error().code, ENOPROTOOPT);
}
