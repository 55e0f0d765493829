// SPDX-License-Identifier: BSD-3-Clause
// Messages of an aead: encrypted, and mostly decrypted again, whole or spoiled, in one or more sends and in
// one or more buffers.
#include "diff/case_source.hpp"

#include <algorithm>

namespace kcapi::diff {

namespace {

using oracle::call;
using oracle::pattern;
using oracle::verb;

constexpr std::array<std::size_t, 12> assoc_sizes{0, 1, 4, 7, 8, 12, 15, 16, 20, 32, 33, 64};
constexpr std::array<std::size_t, 8> ipsec_assoc_sizes{16, 20, 16, 20, 16, 20, 8, 24};
constexpr std::array<std::size_t, 6> sequence_assoc_sizes{8, 12, 8, 12, 16, 20};
/// Of an essiv, where the IV is at the end of the associated data.
constexpr std::array<std::size_t, 5> essiv_assoc_sizes{16, 17, 24, 32, 15};

std::vector<std::uint8_t> joined(std::vector<std::uint8_t> head, const std::vector<std::uint8_t> &tail) {
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

pattern literal(const std::vector<std::uint8_t> &bytes) {
    return pattern::parse(oracle::to_hex(bytes.data(), bytes.size())).value_or(pattern());
}

class aead_case final : public case_source {
  public:
    aead_case(std::uint64_t seed, const test::name_record &about)
        : case_source(seed, about), iv_size_(number_of(about, "iv")),
          block_(std::max<std::size_t>(number_of(about, "block"), 1)), messages_(1 + random_.below(3)),
          makes_iv_(about.name.find("iv(") != std::string::npos && !about.name.starts_with("essiv(")) {
        plan_open();
        const std::vector<std::size_t> tags = sizes_of(about, "tags");
        tag_size_ = tags.empty() ? 16 : tags.back();
        if (random_.one_in(2)) {
            call c;
            c.what = verb::tag;
            c.object = "t";
            tag_wanted_ = size_like(tags);
            c.size = static_cast<int>(tag_wanted_);
            plan(std::move(c));
        }
        plan_key(about.properties.contains("enckeys") ? combined_key()
                                                      : random_.bytes(size_like(sizes_of(about, "keys"))));
        plan_accept("o", "t");
    }

    void observe(const call &c, const oracle::outcome &o) override {
        if (c.what == verb::tag && o.value == 0)
            tag_size_ = tag_wanted_;
        if (c.what != verb::receive)
            return;
        if (o.value > 0)
            sealed_.insert(sealed_.end(), o.received.begin(), o.received.end());
        stuck_ = o.value == -EINVAL || o.value == -EAGAIN;
    }

  protected:
    bool more() override {
        if (stuck_ || (started_ && random_.one_in(4))) {
            plan_close("o");
            plan_accept("o", "t");
            stuck_ = false;
        }
        if (back_ && !sealed_.empty()) {
            back_ = false;
            decrypt();
            return true;
        }
        back_ = false;
        if (messages_ == 0)
            return false;
        --messages_;
        encrypt();
        started_ = true;
        return true;
    }

  private:
    /// The kernel's key of an authenc, sometimes with a fault.
    pattern combined_key() {
        std::vector<std::uint8_t> header{8, 0, 1, 0, 0, 0, 0, 0};
        const std::size_t cipher = size_like(sizes_of(about_, "enckeys"));
        header[7] = static_cast<std::uint8_t>(cipher);
        std::size_t rest = random_.below(random_.one_in(3) ? 150 : 66) + cipher;
        if (random_.one_in(20))
            header[random_.below(8)] ^= static_cast<std::uint8_t>(1 + random_.below(12));
        if (random_.one_in(30))
            rest = random_.below(cipher + 1);
        std::vector<std::uint8_t> key = joined(std::move(header), random_.bytes(rest).bytes());
        if (random_.one_in(40))
            key.resize(random_.below(8));
        return literal(key);
    }

    std::size_t assoc_size() {
        const std::string &n = about_.name;
        if (random_.one_in(8))
            return random_.below(65);
        if (makes_iv_)
            return n.starts_with("seqiv(rfc") ? random_.any_of(sequence_assoc_sizes)
                                              : random_.any_of(ipsec_assoc_sizes);
        if (n.starts_with("essiv("))
            return random_.any_of(essiv_assoc_sizes);
        return n.starts_with("rfc4") ? random_.any_of(ipsec_assoc_sizes) : random_.any_of(assoc_sizes);
    }

    /// The IV of a ccm begins with the size of its length field.
    pattern iv() {
        const std::size_t size = random_.one_in(40) ? random_.below(20) : iv_size_;
        pattern value = random_.iv(size);
        if (!about_.name.starts_with("ccm") || size == 0)
            return value;
        std::vector<std::uint8_t> bytes = value.bytes();
        bytes[0] = static_cast<std::uint8_t>(random_.one_in(12) ? random_.below(10) : 1 + random_.below(7));
        return literal(bytes);
    }

    void encrypt() {
        sealed_.clear();
        back_ = !random_.one_in(4);
        iv_.reset();
        if (!random_.one_in(10))
            iv_ = iv();
        assoc_ = assoc_size();
        const std::size_t size = random_.length(block_);
        std::vector<call> sends;
        call c = send_of("o", size);
        // Associated data apart from the text, or not.
        c.segments.insert(c.segments.begin(), random_.bytes(assoc_));
        sends.push_back(std::move(c));
        if (random_.one_in(3)) {
            const std::size_t rest = random_.below(100);
            sends.push_back(send_of("o", random_.one_in(8) ? rest : rest / block_ * block_));
            sends.front().more = true;
        }
        sends.front().head.op = random_.one_in(60) ? 2 : 1;
        sends.front().head.iv = iv_;
        if (assoc_ != 0 || random_.one_in(2))
            sends.front().head.assoc_len = static_cast<std::uint32_t>(assoc_);
        std::size_t total = 0;
        for (const call &s : sends)
            for (const pattern &p : s.segments)
                total += p.size();
        for (call &s : sends) {
            const bool unfinished = s.more;
            plan(std::move(s));
            if (unfinished && random_.one_in(6))
                plan_receive("o", {{64, false}});
        }
        plan_receives(static_cast<long>(total + tag_size_));
    }

    /// What came out of the reference, mostly as it is.
    void decrypt() {
        std::vector<std::uint8_t> text = sealed_;
        if (random_.one_in(3))
            text[random_.below(text.size())] ^= static_cast<std::uint8_t>(1U << random_.below(8));
        if (random_.one_in(10))
            text.resize(random_.below(text.size() + 1));
        call c;
        c.what = verb::send;
        c.object = "o";
        c.head.op = 0;
        c.head.iv = iv_;
        // Another border between the two than there was; the hole moves with it.
        if (random_.one_in(20))
            assoc_ = random_.below(70);
        c.head.assoc_len = static_cast<std::uint32_t>(assoc_);
        std::size_t at = 0;
        const long out = static_cast<long>(text.size()) - static_cast<long>(tag_size_);
        for (const std::size_t part : random_.parts_of(text.size())) {
            const auto from = text.begin() + static_cast<std::ptrdiff_t>(at);
            c.segments.push_back(literal({from, from + static_cast<std::ptrdiff_t>(part)}));
            at += part;
        }
        c.dont_wait = true;
        plan(std::move(c));
        plan_receives(out);
    }

    /// Where an algorithm finds its IV in the text, the kernel leaves the IV's place in the output as it was.
    void plan_receives(long size) {
        plan_receive("o", rooms(size));
        if (!makes_iv_)
            return;
        last_planned().bytes = given_bytes::same_decrypted;
        last_planned().hole_at = assoc_;
        last_planned().hole_size = iv_size_;
    }

    /// For a message of so many bytes; sometimes too many, seldom too few.
    std::vector<oracle::room> rooms(long size) {
        if (random_.one_in(4))
            size += static_cast<long>(random_.below(40));
        else if (!makes_iv_ && random_.one_in(10))
            size -= static_cast<long>(random_.below(40));
        return random_.rooms(static_cast<std::size_t>(std::max(size, 1L)));
    }

    std::size_t iv_size_;
    std::size_t block_;
    std::size_t messages_;
    bool makes_iv_; ///< of what it encrypts only the size is known
    std::size_t tag_size_ = 0;
    std::size_t tag_wanted_ = 0;
    std::size_t assoc_ = 0;
    bool started_ = false;
    bool back_ = false;
    bool stuck_ = false;
    std::optional<pattern> iv_;
    std::vector<std::uint8_t> sealed_;
};

} // namespace

std::unique_ptr<case_source> make_aead_case(std::uint64_t seed, const test::name_record &about) {
    return std::make_unique<aead_case>(seed, about);
}

} // namespace kcapi::diff
