// SPDX-License-Identifier: BSD-3-Clause
//
// Engines and algorithms: who computes, what there is, and what an object of the C++ API is made of.
//
// Every class of the API is one algorithm with its key. It is made by create(), which fails where the
// algorithm or the key is not to be had, so an object that exists works. Objects can be moved and not copied.
// A moved-from object can be destroyed and assigned to; whatever else is asked of it fails with EINVAL, and
// its names are empty. Keys are copied and wiped by the library; the caller's key remains the caller's.
#pragma once

#include <kcapi/bytes.hpp>
#include <kcapi/result.hpp>
#include <kcapi_ext.h>

#include <array>
#include <cerrno>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kcapi {

/// Who computes; kcapi-engines(7).
enum class engine : std::int8_t {
    automatic =
        KCAPI_EXT_ENGINE_AUTO,        ///< the kernel for its hardware and what only it has, else this process
    kernel = KCAPI_EXT_ENGINE_KERNEL, ///< the kernel through AF_ALG sockets, never anything else
    local = KCAPI_EXT_ENGINE_LOCAL    ///< this process
};

/// What create() of most classes can be told. Without an engine the default of the process serves.
struct options {
    std::optional<engine> on{};
};

/// Whether an implementation may serve: only one whose self test has passed does.
enum class self_test_state : std::uint8_t {
    unknown = KCAPI_EXT_SELF_TEST_UNKNOWN, ///< not run yet: it is run when somebody first asks for the driver
    passed = KCAPI_EXT_SELF_TEST_PASSED,
    failed = KCAPI_EXT_SELF_TEST_FAILED,          ///< never serves; the next driver of the name does
    unavailable = KCAPI_EXT_SELF_TEST_UNAVAILABLE ///< cannot run here
};

/// What an algorithm is. A size that does not apply to its type is 0.
struct algorithm {
    std::string type; ///< "skcipher", "aead", "hash", "rng", "akcipher" or "kpp"
    std::string name;
    std::string driver_name;
    std::string engine_name;
    int priority = 0;
    std::size_t block_size = 0;
    std::size_t iv_size = 0;
    std::size_t min_key_size = 0;
    std::size_t max_key_size = 0;
    std::size_t max_tag_size = 0;
    std::size_t digest_size = 0;
    std::size_t seed_size = 0;
    bool hardware = false;
    std::size_t chunk_size = 0;
    self_test_state self_test = self_test_state::unknown;
};

namespace detail {

[[nodiscard]] constexpr kcapi_ext_engine to_c(std::optional<engine> on) noexcept {
    return on ? static_cast<kcapi_ext_engine>(*on) : KCAPI_EXT_ENGINE_DEFAULT;
}

/// What a C function returned, as a result.
[[nodiscard]] inline result<std::size_t> count_or_error(ssize_t r, const char *where) noexcept {
    if (r < 0)
        return error{static_cast<int>(-r), where};
    return static_cast<std::size_t>(r);
}
[[nodiscard]] inline result<void> done_or_error(ssize_t r, const char *where) noexcept {
    if (r < 0)
        return error{static_cast<int>(-r), where};
    return {};
}

/// The C functions take keys and seeds with 32-bit lengths.
[[nodiscard]] constexpr bool fits_32(std::size_t n) noexcept { return n <= UINT32_MAX; }

/// A name as a C string, without memory from the heap. Longer ones exist in no engine.
class c_name {
  public:
    explicit c_name(std::string_view name) noexcept
        : fits_(name.size() < text_.size() && name.find('\0') == std::string_view::npos) {
        if (fits_)
            name.copy(text_.data(), name.size());
    }
    [[nodiscard]] const char *get() const noexcept { return fits_ ? text_.data() : nullptr; }

  private:
    std::array<char, 128> text_{};
    bool fits_;
};

/// Owns a handle of the C API.
class handle {
  public:
    handle() noexcept = default;
    explicit handle(kcapi_handle *h) noexcept : h_(h) {}
    ~handle() { kcapi_cipher_destroy(h_); } // of any family
    handle(handle &&other) noexcept : h_(std::exchange(other.h_, nullptr)) {}
    handle &operator=(handle &&other) noexcept {
        if (this != &other) {
            kcapi_cipher_destroy(h_);
            h_ = std::exchange(other.h_, nullptr);
        }
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;

    [[nodiscard]] kcapi_handle *get() const noexcept { return h_; }

    [[nodiscard]] static result<handle> open(const char *type, std::string_view name,
                                             std::optional<engine> on) noexcept {
        kcapi_handle *h = nullptr;
        const c_name text(name);
        if (const int r = kcapi_ext_init(&h, type, text.get(), 0, to_c(on)); r < 0)
            return error{-r, "opening the algorithm"};
        return handle(h);
    }
    /// A second handle with the same key and a message of its own.
    [[nodiscard]] result<handle> again() const noexcept {
        kcapi_handle *h = nullptr;
        if (const int r = kcapi_handle_reinit(&h, h_, 0); r < 0)
            return error{-r, "opening a second message"};
        return handle(h);
    }

  private:
    kcapi_handle *h_ = nullptr;
};

[[nodiscard]] inline kcapi_ext_algorithm describe(const handle &h) noexcept {
    kcapi_ext_algorithm a{};
    (void)kcapi_ext_describe(h.get(), &a, sizeof a);
    return a;
}

/// What every class of the API can say about itself.
class object {
  public:
    /// The algorithm in its canonical form, such as "cbc(aes)". Valid as long as the object.
    [[nodiscard]] std::string_view name() const noexcept {
        return text(kcapi_ext_algorithm_name(handle_.get()));
    }
    /// Who computes, such as "cbc-aes-openssl"; empty if the kernel does not tell.
    [[nodiscard]] std::string_view driver_name() const noexcept {
        return text(kcapi_ext_driver_name(handle_.get()));
    }
    /// "kernel" or "local".
    [[nodiscard]] std::string_view engine_name() const noexcept {
        return text(kcapi_ext_engine_name(handle_.get()));
    }
    /// False for a moved-from object.
    [[nodiscard]] bool valid() const noexcept { return handle_.get() != nullptr; }

  protected:
    explicit object(handle h) noexcept : handle_(std::move(h)) {}
    ~object() = default;
    object(object &&) noexcept = default;
    object &operator=(object &&) noexcept = default;

    [[nodiscard]] kcapi_handle *get() const noexcept { return handle_.get(); }
    [[nodiscard]] const handle &owned() const noexcept { return handle_; }

  private:
    [[nodiscard]] static std::string_view text(const char *s) noexcept {
        return s == nullptr ? std::string_view() : std::string_view(s);
    }

    handle handle_;
};

/// Nothing may be thrown through the C function that calls this.
inline int keep_algorithm(void *to, const kcapi_ext_algorithm *a) noexcept {
    try {
        static_cast<std::vector<algorithm> *>(to)->push_back(
            {a->type, a->name, a->driver_name, a->engine, a->priority, a->block_size, a->iv_size,
             a->min_key_size, a->max_key_size, a->max_tag_size, a->digest_size, a->seed_size,
             a->hardware != 0, a->chunk_size, static_cast<self_test_state>(a->self_test)});
        return 0;
    } catch (const std::bad_alloc &) {
        return ENOMEM;
    }
}

} // namespace detail

/// set_default_engine sets, for the whole process, the engine of objects made afterwards.
inline result<void> set_default_engine(engine on) noexcept {
    return detail::done_or_error(kcapi_ext_set_engine(detail::to_c(on)), "choosing the engine");
}

/// set_threads sets, for the whole process, how many threads may work on one long message of the local
/// engine, the caller's own among them; 0, the default: as many as there are processors for the process.
inline result<void> set_threads(std::size_t count) noexcept {
    return detail::done_or_error(kcapi_ext_set_threads(count), "choosing the number of threads");
}

/// list_algorithms returns what the engine can name now, by automatic that of both. More may exist: engines
/// build algorithms from parts when they are first asked for. What cannot serve is listed too and says so.
[[nodiscard]] inline result<std::vector<algorithm>> list_algorithms(std::optional<engine> on = {}) {
    std::vector<algorithm> all;
    const int r = kcapi_ext_list(detail::to_c(on), detail::keep_algorithm, &all);
    if (r != 0)
        return error{r < 0 ? -r : r, "listing algorithms"};
    return all;
}

/// last_error_text says for people what the last failure in this thread was. Never decide by it.
[[nodiscard]] inline std::string_view last_error_text() noexcept { return kcapi_ext_last_error(); }

} // namespace kcapi
