// SPDX-License-Identifier: BSD-3-Clause
// What a pass that is short, or refused, leaves for the next one.
#include "local/engine.hpp"
#include "templates_fixture.hpp"

using namespace kcapi;
using namespace kcapi::test;

namespace {

constexpr std::size_t block = 16;

class stream {
  public:
    stream(const char *name, const byte_vector &key) {
        transform_ = engine_->open(alg::kind::skcipher, name).value();
        (void)transform_->set(alg::parameter::key, key).value();
        operation_ = transform_->accept().value();
    }
    void send(const byte_vector &data, std::optional<alg::op_code> op = std::nullopt) {
        const iovec v{const_cast<std::uint8_t *>(data.data()), data.size()};
        alg::control header;
        header.op = op.value_or(header.op);
        ASSERT_EQ(
            operation_->send({&v, 1}, op ? &header : nullptr, {.more = false, .dont_wait = true}).value(),
            data.size());
    }
    byte_vector receive(std::size_t room) {
        byte_vector out(room);
        const iovec v{out.data(), out.size()};
        const result<std::size_t> r = operation_->receive({&v, 1}, {.more = false, .dont_wait = true});
        code_ = r ? 0 : r.error().code;
        out.resize(r ? *r : 0);
        return out;
    }
    [[nodiscard]] int code() const { return code_; }

  private:
    std::unique_ptr<alg::engine> engine_ = local::make_engine(local::linked_modules(), {});
    std::shared_ptr<alg::transform> transform_;
    std::unique_ptr<alg::operation> operation_;
    int code_ = 0;
};

} // namespace

TEST(templates_chain, ofb_goes_on_with_the_next_block_after_a_short_one_and_cfb_does_not) {
    const byte_vector key = pattern(16, 7);
    const byte_vector iv = pattern(block, 3);
    const byte_vector zeros(3 * block);
    keyed_driver ofb(skcipher("ofb(aes)"), key);
    const byte_vector whole = ofb.message(local::direction::encrypt, iv, zeros);
    (void)ofb.message(local::direction::encrypt, iv, byte_vector(block + 1));
    EXPECT_EQ(ofb.pass(local::direction::encrypt, byte_vector(block)),
              byte_vector(whole.begin() + 2 * block, whole.end()));

    keyed_driver cfb(skcipher("cfb(aes)"), key);
    const byte_vector two = cfb.message(local::direction::encrypt, iv, byte_vector(2 * block));
    (void)cfb.message(local::direction::encrypt, iv, byte_vector(block + 1));
    EXPECT_EQ(cfb.pass(local::direction::encrypt, byte_vector(block)),
              byte_vector(two.begin() + block, two.end()));
}

TEST(templates_chain, kw_keeps_its_register_when_it_refuses_a_length) {
    stream s("kw(aes)", pattern(32, 7));
    const byte_vector text = pattern(89, 31);
    s.send(text, alg::op_code::encrypt);
    const byte_vector sealed = s.receive(64);
    ASSERT_EQ(sealed.size(), 64U);
    EXPECT_TRUE(s.receive(64).empty());
    EXPECT_EQ(s.code(), EINVAL);
    s.send(sealed, alg::op_code::decrypt);
    EXPECT_EQ(s.receive(64), byte_vector(text.begin(), text.begin() + 64));
}

TEST(templates_chain, lrw_keeps_its_index_when_it_refuses_a_length) {
    const byte_vector key = pattern(48, 7);
    stream refused("lrw(serpent)", key);
    refused.send(byte_vector(17), alg::op_code::encrypt);
    EXPECT_TRUE(refused.receive(32).empty());
    EXPECT_EQ(refused.code(), EINVAL);
    stream fresh("lrw(serpent)", key);
    const byte_vector text = pattern(32, 31);
    refused.send(text, alg::op_code::encrypt);
    fresh.send(text, alg::op_code::encrypt);
    EXPECT_EQ(refused.receive(32), fresh.receive(32));
}
