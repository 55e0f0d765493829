// SPDX-License-Identifier: BSD-3-Clause
//
// SHA-1, SHA-2 and their HMAC of many messages side by side. One message alone is faster elsewhere.
#include "drivers/ipsecmb/keys.hpp"
#include "drivers/ipsecmb/managers.hpp"
#include "drivers/ipsecmb/modes.hpp"

#include <algorithm>
#include <array>

namespace kcapi::ipsecmb {

namespace {

using local::hash_message;

/// Jobs to one call of the library; a multiple of the lanes it has.
constexpr std::size_t burst = 64;
constexpr std::size_t longest_block = 128;

void fail(std::span<hash_message> messages, int code) noexcept {
    for (hash_message &m : messages)
        m.code = code;
}

void prepare(IMB_JOB &job, IMB_HASH_ALG algorithm, std::size_t digest_size, hash_message &m) noexcept {
    job.cipher_mode = IMB_CIPHER_NULL;
    job.cipher_direction = IMB_DIR_ENCRYPT;
    job.chain_order = IMB_ORDER_HASH_CIPHER;
    job.hash_alg = algorithm;
    job.src = m.in.data();
    job.hash_start_src_offset_in_bytes = 0;
    job.msg_len_to_hash_in_bytes = m.in.size();
    job.auth_tag_output = m.digest;
    job.auth_tag_output_len_in_bytes = digest_size;
    job.user_data = &m;
    m.code = EIO;
}

void settle(const IMB_JOB &job) noexcept {
    if (job.status == IMB_STATUS_COMPLETED)
        static_cast<hash_message *>(job.user_data)->code = 0;
}

class plain_key final : public local::hash_batch_key {
  public:
    explicit plain_key(const hash_algorithm &a) noexcept : algorithm_(a) {}

    /// The burst call of the library refuses these algorithms, so each job is handed in by itself.
    void digest(std::span<hash_message> messages) const noexcept override {
        if (messages.empty())
            return;
        const lease mine(algorithm_.lanes_for(messages.size()));
        IMB_MGR *const m = mine.manager();
        if (m == nullptr)
            return fail(messages, ENOMEM);
        for (hash_message &message : messages) {
            IMB_JOB *const job = IMB_GET_NEXT_JOB(m);
            *job = IMB_JOB{};
            prepare(*job, algorithm_.plain, algorithm_.digest_size, message);
            if (const IMB_JOB *const done = IMB_SUBMIT_JOB_NOCHECK(m); done != nullptr)
                settle(*done);
        }
        while (const IMB_JOB *const done = IMB_FLUSH_JOB(m))
            settle(*done);
    }

  private:
    const hash_algorithm &algorithm_;
};

/// The states of the inner and the outer hash after their first block.
struct hmac_states {
    alignas(16) std::array<std::uint8_t, local::max_digest_size> inner;
    alignas(16) std::array<std::uint8_t, local::max_digest_size> outer;
};

class hmac_key final : public local::hash_batch_key {
  public:
    hmac_key(const IMB_MGR &m, const hash_algorithm &a, base::bytes key) noexcept : algorithm_(a) {
        expand(m, key);
    }

    void digest(std::span<hash_message> messages) const noexcept override {
        for (; !messages.empty(); messages = messages.subspan(std::min(messages.size(), burst)))
            run(messages.first(std::min(messages.size(), burst)));
    }

  private:
    /// RFC 2104: a key longer than a block is hashed, a shorter one filled up with zeros.
    void expand(const IMB_MGR &m, base::bytes key) noexcept {
        std::array<std::uint8_t, longest_block> padded{};
        if (key.size() > algorithm_.block_size)
            (m.*algorithm_.whole)(key.data(), key.size(), padded.data());
        else
            std::copy(key.begin(), key.end(), padded.begin());
        const auto turn = [&](std::uint8_t pad) {
            for (std::uint8_t &b : padded)
                b ^= pad;
        };
        turn(0x36);
        (m.*algorithm_.one_block)(padded.data(), states_.value.inner.data());
        turn(0x36 ^ 0x5c);
        (m.*algorithm_.one_block)(padded.data(), states_.value.outer.data());
        base::wipe(padded);
    }

    void run(std::span<hash_message> messages) const noexcept {
        const lease mine(algorithm_.lanes_for(messages.size()));
        if (mine.manager() == nullptr)
            return fail(messages, ENOMEM);
        std::array<IMB_JOB, burst> jobs;
        for (std::size_t i = 0; i < messages.size(); ++i) {
            jobs[i] = IMB_JOB{};
            prepare(jobs[i], algorithm_.hmac, algorithm_.digest_size, messages[i]);
            jobs[i].u.HMAC._hashed_auth_key_xor_ipad = states_.value.inner.data();
            jobs[i].u.HMAC._hashed_auth_key_xor_opad = states_.value.outer.data();
        }
        IMB_SUBMIT_HASH_BURST_NOCHECK(mine.manager(), jobs.data(),
                                      static_cast<std::uint32_t>(messages.size()), algorithm_.hmac);
        for (std::size_t i = 0; i < messages.size(); ++i)
            settle(jobs[i]);
    }

    const hash_algorithm &algorithm_;
    secret_object<hmac_states> states_;
};

} // namespace

int make_sha_batch(const local::driver &self, base::bytes,
                   std::unique_ptr<local::hash_batch_key> &out) noexcept {
    out.reset(new (std::nothrow) plain_key(*static_cast<const hash_algorithm *>(self.data)));
    return out == nullptr ? ENOMEM : 0;
}

int make_hmac_batch(const local::driver &self, base::bytes key,
                    std::unique_ptr<local::hash_batch_key> &out) noexcept {
    const auto &a = *static_cast<const hash_algorithm *>(self.data);
    const IMB_MGR *const m = functions();
    out.reset(m == nullptr ? nullptr : new (std::nothrow) hmac_key(*m, a, key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::ipsecmb
