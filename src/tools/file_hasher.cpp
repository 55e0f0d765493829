// SPDX-License-Identifier: BSD-3-Clause
#include "file_hasher.hpp"

#include "buffer.hpp"
#include "file.hpp"
#include "read_ahead.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kcapi::tools {

namespace {

// What a thread reads before it hashes: little enough to stay in the processor's cache, and in the sum over
// the threads of a large machine. Files that end within it are whole messages of a batch.
constexpr std::size_t room_size = 256U << 10;
constexpr std::size_t batch_size = 32;
// What is left to read of a large file before a thread that reads ahead pays.
constexpr std::size_t worth_a_thread = 4U << 20;
constexpr int status_no_hash = 242;
constexpr int status_key_refused = 234;

void add(const handle &hash, bytes data) {
    if (const ssize_t r = kcapi_md_update(hash.get(), data.data(), data.size()); r < 0)
        fail(static_cast<int>(-r), "cannot hash");
}

std::vector<std::uint8_t> finish(const handle &hash) {
    std::vector<std::uint8_t> digest(kcapi_md_digestsize(hash.get()));
    if (const ssize_t r = kcapi_md_final(hash.get(), digest.data(), digest.size()); r < 0)
        fail(static_cast<int>(-r), "cannot hash");
    return digest;
}

/// The rest of a file whose beginning is in the message already. 0, or an errno value.
int add_rest(const handle &hash, int fd, mutable_bytes room) {
    std::size_t read = 0;
    while (read < worth_a_thread) {
        const ssize_t n = read_fully(fd, room);
        if (n < 0)
            return static_cast<int>(-n);
        add(hash, bytes(room).first(static_cast<std::size_t>(n)));
        if (static_cast<std::size_t>(n) < room.size())
            return 0;
        read += static_cast<std::size_t>(n);
    }
    read_ahead rest(fd);
    for (bytes piece = rest.next(); !piece.empty(); piece = rest.next())
        add(hash, piece);
    return rest.error();
}

/// One thread's part: a handle of its own, and room for a batch.
class worker {
  public:
    explicit worker(const handle &like) : room_(room_size) {
        kcapi_handle *h = nullptr;
        if (const int r = kcapi_handle_reinit(&h, like.get(), 0); r < 0)
            fail(-r, "cannot open the hash once more");
        hash_.reset(h);
    }

    void work(std::span<const std::string> names, std::span<file_digest> outcomes) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            unique_fd owned;
            int fd = STDIN_FILENO;
            if (names[i] != "-") {
                owned.reset(::open(names[i].c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
                fd = owned.get();
                if (fd < 0) {
                    outcomes[i].error = errno;
                    continue;
                }
            }
            (void)::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
            read(fd, outcomes[i]);
        }
        digest_batch();
    }

  private:
    void read(int fd, file_digest &out) {
        const mutable_bytes left = room_.all().subspan(used_);
        const ssize_t n = read_fully(fd, left);
        if (n < 0) {
            out.error = static_cast<int>(-n);
        } else if (static_cast<std::size_t>(n) < left.size()) {
            join_batch(left.first(static_cast<std::size_t>(n)), out);
        } else {
            digest_batch(); // its room is needed
            add(hash_, left);
            out.error = add_rest(hash_, fd, room_.all());
            out.digest = finish(hash_); // also to begin anew
            if (out.error != 0)
                out.digest.clear();
        }
    }

    void join_batch(mutable_bytes message, file_digest &out) {
        out.digest.resize(kcapi_md_digestsize(hash_.get()));
        batch_[count_] = {};
        batch_[count_].in = message.data();
        batch_[count_].in_len = message.size();
        batch_[count_].out = out.digest.data();
        batch_[count_].out_len = out.digest.size();
        of_[count_] = &out;
        used_ += message.size();
        if (++count_ == batch_size)
            digest_batch();
    }

    void digest_batch() {
        if (count_ == 0)
            return;
        const ssize_t r =
            kcapi_ext_batch(hash_.get(), KCAPI_EXT_DIGEST, batch_.data(), sizeof(kcapi_ext_message), count_);
        for (std::size_t i = 0; i < count_; ++i) {
            file_digest &out = *of_[i];
            const ssize_t one = r < 0 ? r : batch_[i].result;
            if (one == -EMSGSIZE) { // the engine does not take it as a whole
                add(hash_, {batch_[i].in, batch_[i].in_len});
                out.digest = finish(hash_);
            } else if (one < 0) {
                out.error = static_cast<int>(-one);
                out.digest.clear();
            }
        }
        count_ = used_ = 0;
    }

    handle hash_;
    buffer room_;
    std::array<kcapi_ext_message, batch_size> batch_{};
    std::array<file_digest *, batch_size> of_{};
    std::size_t count_ = 0;
    std::size_t used_ = 0; ///< of the room, by the batch
};

/// Names that are handed out in portions, and outcomes that are taken in order.
class pool {
  public:
    pool(const handle &hash, std::span<const std::string> names, std::size_t jobs)
        : names_(names), outcomes_(names.size()), ready_(names.size()),
          portion_(std::clamp<std::size_t>(names.size() / (jobs * 4), 1, batch_size)) {
        for (std::size_t i = 0; i < jobs; ++i)
            workers_.emplace_back(hash);
        for (worker &w : workers_)
            threads_.emplace_back([this, &w] { run(w); });
    }
    ~pool() {
        next_ = names_.size();
        for (std::thread &t : threads_)
            t.join();
    }
    pool(const pool &) = delete;
    pool &operator=(const pool &) = delete;

    file_digest take(std::size_t i) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ready_[i] != 0 || failed_; });
        if (failed_)
            throw *failed_;
        return std::move(outcomes_[i]);
    }

  private:
    void run(worker &w) {
        for (;;) {
            const std::size_t from = next_.fetch_add(portion_);
            if (from >= names_.size())
                return;
            const std::size_t count = std::min(portion_, names_.size() - from);
            std::optional<failure> failed;
            try {
                w.work(names_.subspan(from, count), std::span(outcomes_).subspan(from, count));
            } catch (const failure &f) {
                failed = f;
            } catch (const std::bad_alloc &) {
                failed = failure{1, "out of memory"};
            }
            const std::lock_guard lock(mutex_);
            if (failed)
                failed_ = failed;
            std::fill_n(ready_.begin() + static_cast<std::ptrdiff_t>(from), count, std::uint8_t{1});
            changed_.notify_all();
        }
    }

    std::span<const std::string> names_;
    std::vector<file_digest> outcomes_;
    std::vector<std::uint8_t> ready_;
    std::size_t portion_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<failure> failed_;
    std::vector<worker> workers_;
    std::vector<std::thread> threads_;
};

} // namespace

handle open_hash(const hash_kind &kind) {
    try {
        handle h = open_algorithm("hash", kind.algorithm);
        if (!kind.key)
            return h;
        const int r =
            kcapi_md_setkey(h.get(), kind.key->data(), static_cast<std::uint32_t>(kind.key->size()));
        if (r < 0)
            throw failure{status_key_refused, "the key of " + std::to_string(kind.key->size()) +
                                                  " bytes is refused by " + kind.algorithm};
        return h;
    } catch (failure &f) {
        if (f.status != status_key_refused)
            f.status = status_no_hash;
        throw;
    }
}

void hash_files(const handle &hash, std::span<const std::string> names, std::size_t jobs,
                const std::function<void(std::size_t, file_digest)> &done) {
    if (jobs == 0)
        jobs = std::max(1U, std::thread::hardware_concurrency());
    jobs = std::min(jobs, names.size());
    if (jobs > 1) {
        pool all(hash, names, jobs);
        for (std::size_t i = 0; i < names.size(); ++i)
            done(i, all.take(i));
        return;
    }
    worker one(hash);
    for (std::size_t from = 0; from < names.size(); from += batch_size) {
        const std::size_t count = std::min(batch_size, names.size() - from);
        std::vector<file_digest> outcomes(count);
        one.work(names.subspan(from, count), outcomes);
        for (std::size_t i = 0; i < count; ++i)
            done(from + i, std::move(outcomes[i]));
    }
}

file_digest hash_file(const handle &hash, const std::string &name) {
    file_digest found;
    hash_files(hash, {&name, 1}, 1, [&](std::size_t, file_digest d) { found = std::move(d); });
    return found;
}

} // namespace kcapi::tools
