// SPDX-License-Identifier: BSD-3-Clause
//
// A batch on an operation of the local engine gives what its messages give one by one: outcomes, bytes, and
// what the operation carries afterwards. The driver does its batches from the last message to the first.
#include "local/transforms.hpp"

#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <vector>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;

namespace {

using octets = std::vector<std::uint8_t>;

std::size_t messages_in_batches = 0;

/// The toy; messages that begin with 0xbb fail.
class batching_context final : public skcipher_context {
  public:
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return length != 0 && in[0] == 0xbb ? EBADMSG : toy_.crypt(d, c, in, out, length);
    }
    void crypt_batch(direction d, std::span<skcipher_message> messages) noexcept override {
        messages_in_batches += messages.size();
        for (std::size_t i = messages.size(); i-- > 0;) {
            skcipher_message &m = messages[i];
            m.code = crypt(d, *m.c, m.in, m.out, m.length);
        }
    }

  private:
    toy_context toy_{9, false};
};

class batching_key final : public skcipher_key {
  public:
    std::unique_ptr<skcipher_context> open() const noexcept override {
        return std::make_unique<batching_context>();
    }
};

driver batching_driver() {
    driver d = toy_driver("toy", "toy-batch", 1);
    d.make_skcipher = [](const driver &, base::bytes, std::unique_ptr<skcipher_key> &out) noexcept {
        out = std::make_unique<batching_key>();
        return 0;
    };
    return d;
}

/// One message with memory of its own. Which of its oddities it has is drawn.
struct message {
    octets memory;
    octets iv;
    alg::control header;
    std::vector<iovec> in;
    std::vector<iovec> out;
    bool has_header = true;

    message(std::mt19937 &random, bool odd) : memory(3000), iv(16) {
        for (std::uint8_t &b : memory)
            b = static_cast<std::uint8_t>(random());
        for (std::uint8_t &b : iv)
            b = static_cast<std::uint8_t>(random());
        const std::size_t kind = odd ? random() % 36 : 36;
        std::size_t length = 16 * (1 + random() % 40);
        header = {.op = random() % 6 == 0 ? alg::op_code::decrypt : alg::op_code::encrypt,
                  .iv = base::bytes(iv),
                  .assoc_len = 0};
        std::size_t out_at = random() % 2 == 0 ? 0 : 1500;
        std::size_t room = length;
        if (kind == 0)
            has_header = false;
        else if (kind == 1)
            header.iv.reset();
        else if (kind == 2)
            header.iv = base::bytes(iv).first(15);
        else if (kind == 3)
            length = room = random() % 600;
        else if (kind == 4)
            room = length - 1;
        else if (kind == 5)
            room = length + 100;
        else if (kind == 6)
            out_at = 8;
        else if (kind == 7)
            header.op = alg::op_code::sign;
        else if (kind == 8)
            memory[0] = 0xbb;
        std::uint8_t *const at = memory.data();
        if (kind == 9)
            in = {{at, 5}, {at + 5, length - 5}};
        else
            in = {{at, length}};
        if (kind == 10)
            out = {{at + 1500, length / 2}, {at + 1500 + length / 2, length - length / 2}};
        else
            out = {{at + out_at, room}};
    }
    message(const message &) = delete;
    message &operator=(const message &) = delete;

    [[nodiscard]] alg::request request() const {
        alg::request r;
        r.in = in;
        r.out = out;
        r.header = has_header ? &header : nullptr;
        return r;
    }
};

long number(const result<std::size_t> &r) {
    return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
}

class local_submit : public testing::Test {
  protected:
    std::unique_ptr<alg::operation> accept() {
        const auto transform = *make_skcipher_transform(driver_);
        EXPECT_TRUE(transform->set(alg::parameter::key, octets{9, 9}));
        return *transform->accept();
    }
    /// What a message without a header gives: the chain and the direction.
    static octets next(alg::operation &on) {
        octets data(32, 0x44);
        const iovec v{data.data(), data.size()};
        EXPECT_EQ(number(on.crypt({.in = {&v, 1}, .out = {&v, 1}})), 32);
        return data;
    }
    void compare(std::size_t count, std::uint32_t seed, bool odd) {
        const std::unique_ptr<alg::operation> one = accept();
        const std::unique_ptr<alg::operation> other = accept();
        std::mt19937 random(seed);
        std::mt19937 same(seed);
        std::vector<std::unique_ptr<message>> left;
        std::vector<std::unique_ptr<message>> right;
        std::vector<alg::request> batch;
        for (std::size_t i = 0; i < count; ++i) {
            left.push_back(std::make_unique<message>(random, odd));
            right.push_back(std::make_unique<message>(same, odd));
            batch.push_back(right.back()->request());
        }
        other->submit(batch);
        for (std::size_t i = 0; i < count; ++i) {
            const long expected = number(one->crypt(left[i]->request()));
            ASSERT_EQ(number(batch[i].outcome), expected) << i << " of " << count << ", seed " << seed;
            ASSERT_EQ(right[i]->memory, left[i]->memory) << i << " of " << count << ", seed " << seed;
        }
        EXPECT_EQ(next(*other), next(*one)) << count << ", seed " << seed;
    }

    const driver driver_ = batching_driver();
};

} // namespace

TEST_F(local_submit, messages_of_one_direction_go_to_the_driver_together) {
    messages_in_batches = 0;
    for (const std::size_t count : {0U, 1U, 2U, 63U, 64U, 65U, 200U})
        compare(count, static_cast<std::uint32_t>(count), false);
    EXPECT_GT(messages_in_batches, 300U);
}

TEST_F(local_submit, any_batch_is_its_messages_one_by_one) {
    messages_in_batches = 0;
    for (std::uint32_t seed = 1; seed <= 300; ++seed)
        compare(1 + seed % 90, seed, true);
    EXPECT_GT(messages_in_batches, 2000U);
    std::printf("[ COUNTED  ] %zu messages in batches\n", messages_in_batches);
}

TEST_F(local_submit, an_operation_that_is_not_idle_or_has_no_key_refuses_each_message) {
    const std::unique_ptr<alg::operation> busy = accept();
    octets data(16);
    const iovec v{data.data(), data.size()};
    std::mt19937 random(1);
    const message a(random, false);
    const message b(random, false);
    ASSERT_EQ(number(busy->send({&v, 1}, &a.header, {.more = true, .dont_wait = true})), 16);
    std::vector<alg::request> batch{a.request(), b.request()};
    busy->submit(batch);
    for (const alg::request &r : batch)
        EXPECT_EQ(number(r.outcome), -EINVAL);
    const std::unique_ptr<alg::operation> keyless = *(*make_skcipher_transform(driver_))->accept();
    keyless->submit(batch);
    for (const alg::request &r : batch)
        EXPECT_EQ(number(r.outcome), -ENOKEY);
}
