// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/session.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kcapi::oracle {

namespace {

constexpr std::size_t page = 4096;
constexpr std::uint8_t untouched = 0xee;
constexpr std::size_t shown_whole = 64;
constexpr std::size_t shown_part = 16;

/// Room for a receive, page-aligned on every run: where AF_ALG cuts a large receive into passes depends on
/// the pages of its buffers. A spare page lies behind it.
class receive_buffer {
  public:
    explicit receive_buffer(const std::vector<room> &rooms) {
        for (const room &r : rooms)
            room_ += r.length;
        const std::size_t whole = (room_ + 2 * page - 1) / page * page;
        data_.reset(static_cast<std::uint8_t *>(std::aligned_alloc(page, whole)));
        size_ = whole;
        std::memset(data_.get(), untouched, size_);
        std::size_t at = 0;
        for (const room &r : rooms) {
            list_.push_back({r.null ? nullptr : data_.get() + at, r.length});
            at += r.length;
        }
    }

    [[nodiscard]] std::span<const iovec> list() const noexcept { return list_; }

    /// Splits what is there into the bytes received and those changed behind them.
    void collect(outcome &o) const {
        if (o.value < 0)
            return;
        const std::size_t n = std::min(static_cast<std::size_t>(o.value), room_);
        o.received.assign(data_.get(), data_.get() + n);
        const std::uint8_t *const rest = data_.get() + n;
        std::size_t last = size_ - n;
        // Mostly all of it, which one comparison with its own shadow tells.
        if (rest[0] == untouched && std::memcmp(rest, rest + 1, last - 1) == 0)
            return;
        while (last > 0 && rest[last - 1] == untouched)
            --last;
        o.beyond = last;
    }

  private:
    struct release {
        void operator()(std::uint8_t *p) const noexcept { std::free(p); }
    };
    std::unique_ptr<std::uint8_t, release> data_;
    std::size_t room_ = 0;
    std::size_t size_ = 0;
    std::vector<iovec> list_;
};

outcome send(backend &on, handle operation, const call &c) {
    control_data head{.op = c.head.op, .iv = std::nullopt, .assoc_len = c.head.assoc_len};
    std::vector<std::uint8_t> iv;
    if (c.head.iv) {
        iv = c.head.iv->bytes();
        head.iv = std::span<const std::uint8_t>(iv);
    }
    std::vector<std::vector<std::uint8_t>> data;
    for (const pattern &segment : c.segments)
        data.push_back(segment.bytes());
    std::vector<iovec> list;
    for (std::size_t i = 0; i < data.size(); ++i)
        list.push_back({c.segments[i].is_null() ? nullptr : data[i].data(), data[i].size()});
    outcome o;
    o.value = on.send(operation, head, list, c.more, c.dont_wait);
    return o;
}

outcome receive(backend &on, handle operation, const call &c) {
    const receive_buffer buffer(c.rooms);
    outcome o;
    o.value = on.receive(operation, buffer.list(), c.dont_wait);
    buffer.collect(o);
    return o;
}

std::string sha256(const std::vector<std::uint8_t> &data) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        return "unavailable";
    return to_hex(digest.data(), size);
}

std::string error_text(long value) {
    const char *name = ::strerrorname_np(static_cast<int>(-value));
    return name != nullptr ? std::string("-") + name : std::to_string(value);
}

} // namespace

std::string to_text(const outcome &o) {
    if (o.ready) {
        if (!o.ready->readable && !o.ready->writable)
            return "nothing";
        const char *gap = o.ready->readable && o.ready->writable ? " " : "";
        return std::string(o.ready->readable ? "in" : "") + gap + (o.ready->writable ? "out" : "");
    }
    if (o.value < 0)
        return error_text(o.value);
    std::string out = std::to_string(o.value);
    const std::vector<std::uint8_t> &data = o.received;
    if (data.size() > shown_whole)
        out += " sha256:" + sha256(data) + ' ' + to_hex(data.data(), shown_part) + ".." +
               to_hex(data.data() + data.size() - shown_part, shown_part);
    else if (!data.empty())
        out += ' ' + to_hex(data.data(), data.size());
    if (o.beyond != 0)
        out += " and " + std::to_string(o.beyond) + " bytes beyond";
    return out;
}

session::~session() {
    for (const auto &[name, object] : objects_)
        if (object >= 0)
            backend_.close(object);
}

handle session::handle_of(const std::string &name) const {
    const auto found = objects_.find(name);
    return found == objects_.end() ? -EBADF : found->second;
}

std::function<outcome()> session::prepare(const call &c) {
    const handle object = handle_of(c.object);
    if (object >= 0 && c.what == verb::send)
        return [this, object, c] { return send(backend_, object, c); };
    if (object >= 0 && c.what == verb::receive)
        return [this, object, c] { return receive(backend_, object, c); };
    return [this, c] { return make(c); };
}

/// A failed open or accept leaves a name without an object; calls on it answer EBADF, on every backend.
outcome session::make(const call &c) {
    outcome o;
    const handle object = handle_of(c.object);
    switch (c.what) {
    case verb::open:
    case verb::accept: {
        const handle parent = c.what == verb::accept ? handle_of(c.parent) : 0;
        const handle made = c.what == verb::open ? backend_.open(c.type, c.name)
                            : parent < 0         ? parent
                                                 : backend_.accept(parent);
        objects_[c.object] = made < 0 ? -EBADF : made;
        o.value = made < 0 ? made : 0;
        return o;
    }
    case verb::close:
        objects_.erase(c.object);
        if (object >= 0)
            backend_.close(object);
        o.value = object < 0 ? object : 0;
        return o;
    default:
        break;
    }
    if (object < 0) {
        o.value = object;
        return o;
    }
    if (c.what == verb::key)
        o.value = backend_.set_key(object, c.value.bytes());
    else if (c.what == verb::tag)
        o.value = backend_.set_tag_size(object, static_cast<std::uint32_t>(c.size));
    else if (c.what == verb::send_buffer)
        o.value = backend_.set_send_buffer(object, c.size);
    else if (c.what == verb::receive_buffer)
        o.value = backend_.set_receive_buffer(object, c.size);
    else
        o.ready = backend_.poll(object);
    return o;
}

} // namespace kcapi::oracle
