// SPDX-License-Identifier: BSD-3-Clause
#include "preload/listing/netlink.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace kcapi::preload {

namespace {

/// The longest datagram of a list.
constexpr std::size_t max_datagram = 65535;
/// What the kernel says of a command that it no longer has; the number never was one of the C library's.
constexpr int not_supported = 524;

struct attribute {
    std::uint16_t length;
    std::uint16_t type;
};

/// A structure at the start of `from`, whatever its alignment.
template <class T>
std::optional<T> read(base::bytes from) noexcept {
    if (from.size() < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, from.data(), sizeof value);
    return value;
}

constexpr std::size_t padded(std::size_t length) noexcept { return (length + 3) & ~std::size_t{3}; }

/// A text in a fixed field; nothing if its terminator is missing.
template <std::size_t N>
std::optional<std::string_view> text(const char (&field)[N]) noexcept {
    const void *const end = std::memchr(field, '\0', N);
    if (end == nullptr)
        return std::nullopt;
    return std::string_view(field, static_cast<std::size_t>(static_cast<const char *>(end) - field));
}

/// Of the attributes in a request only the priority has a form; what does not add up ends the list and is
/// ignored.
int check_attributes(base::bytes rest) noexcept {
    while (const std::optional<attribute> a = read<attribute>(rest)) {
        if (a->length < sizeof(attribute) || a->length > rest.size())
            break;
        if (a->type == attribute_priority && a->length < sizeof(attribute) + sizeof(std::uint32_t))
            return ERANGE;
        rest = rest.subspan(std::min(padded(a->length), rest.size()));
    }
    return 0;
}

/// Every kind that has a driver of this name under which nothing is listed: the local engine takes the
/// drivers of the kernel for its own, and what can be bound can be asked about.
std::optional<entry> by_alias(alg::engine &engine, std::string_view driver_name) {
    // A template's name would build something; a question never does.
    if (driver_name.find('(') != std::string_view::npos)
        return std::nullopt;
    constexpr std::array kinds{alg::kind::skcipher, alg::kind::aead,     alg::kind::hash,
                               alg::kind::rng,      alg::kind::akcipher, alg::kind::kpp};
    for (const alg::kind kind : kinds) {
        const result<std::shared_ptr<alg::transform>> opened = engine.open(kind, driver_name);
        if (opened && (*opened)->info().name != driver_name) {
            // Whoever asks by this name looks for it in the answer.
            entry found{(*opened)->info()};
            found.info.driver_name = driver_name;
            return found;
        }
    }
    return std::nullopt;
}

/// The algorithm that a request names: by driver name alone if it has one, else what serves the name.
std::optional<entry> find(alg::engine &engine, const algorithm_body &wanted, std::string_view name,
                          std::string_view driver_name) {
    const auto fits = [&](const entry &e) { return ((flags_of(e) ^ wanted.type) & wanted.mask) == 0; };
    std::optional<entry> untested;
    for (entry &e : entries_as_they_are(engine)) {
        if (driver_name.empty() ? e.info.name != name : e.info.driver_name != driver_name)
            continue;
        settle(engine, e);
        if (!fits(e))
            continue;
        if (e.tested())
            return std::move(e);
        if (!untested)
            untested = std::move(e);
    }
    if (!untested && !driver_name.empty()) {
        std::optional<entry> e = by_alias(engine, driver_name);
        if (e && fits(*e))
            return e;
    }
    return untested;
}

class conversation {
  public:
    conversation(alg::engine &engine, const asker &from) noexcept : engine_(engine), from_(from) {}

    /// One request with its header, of the length that the header says.
    void take(const nlmsghdr &head, base::bytes request) {
        int code = 0;
        if ((head.nlmsg_flags & NLM_F_REQUEST) != 0 && head.nlmsg_type >= NLMSG_MIN_TYPE) {
            if (head.nlmsg_type == get_algorithm && (head.nlmsg_flags & NLM_F_DUMP) != 0) {
                code = list(head);
                if (code == 0)
                    return; // the end of the list is the answer
            } else {
                code = serve(head, request);
            }
        }
        if (code != 0 || (head.nlmsg_flags & NLM_F_ACK) != 0)
            acknowledge(head, request, code);
    }

    replies done() && { return std::move(out_); }

  private:
    [[nodiscard]] nlmsghdr reply_to(const nlmsghdr &request, std::uint16_t flags) const noexcept {
        return {0, 0, flags, request.nlmsg_seq, from_.port};
    }

    int serve(const nlmsghdr &head, base::bytes request) {
        if (head.nlmsg_type > last_message)
            return EINVAL;
        const base::bytes body = request.subspan(sizeof head);
        const std::optional<algorithm_body> wanted = read<algorithm_body>(body);
        if (!wanted && head.nlmsg_type != delete_generator)
            return EINVAL;
        if (wanted)
            if (const int code = check_attributes(body.subspan(sizeof *wanted)); code != 0)
                return code;
        if (head.nlmsg_type == get_statistics)
            return not_supported;
        // The list is what the engine has; nobody may change it.
        if (head.nlmsg_type != get_algorithm)
            return EPERM;
        const std::optional<std::string_view> name = text(wanted->name);
        const std::optional<std::string_view> driver_name = text(wanted->driver_name);
        if (!name || !driver_name)
            return EINVAL;
        const std::optional<entry> found = find(engine_, *wanted, *name, *driver_name);
        if (!found)
            return ENOENT;
        append_report(out_.now.emplace_back(), reply_to(head, 0), *found, references_when_asked);
        return 0;
    }

    int list(const nlmsghdr &head) {
        if (from_.is_listing || !out_.rest_of_list.empty())
            return EBUSY;
        const nlmsghdr part = reply_to(head, NLM_F_MULTI);
        std::vector<datagram> parts(1);
        for (const entry &e : entries(engine_)) {
            datagram one;
            append_report(one, part, e, references_when_listed);
            if (parts.back().size() + one.size() > max_datagram)
                parts.emplace_back();
            parts.back().insert(parts.back().end(), one.begin(), one.end());
        }
        struct {
            nlmsghdr head;
            std::int32_t code;
        } const end{{sizeof end, NLMSG_DONE, part.nlmsg_flags, part.nlmsg_seq, part.nlmsg_pid}, 0};
        if (!parts.front().empty()) {
            out_.now.push_back(std::move(parts.front()));
            out_.rest_of_list.assign(std::make_move_iterator(parts.begin() + 1),
                                     std::make_move_iterator(parts.end()));
        }
        const auto *const p = reinterpret_cast<const std::uint8_t *>(&end);
        out_.rest_of_list.emplace_back(p, p + sizeof end);
        return 0;
    }

    /// An error brings the request back, unless the socket asked to be spared it; success never does.
    void acknowledge(const nlmsghdr &head, base::bytes request, int code) {
        const bool bare = code == 0 || from_.bare_errors;
        constexpr std::uint16_t flag_capped = 0x100;
        nlmsghdr reply = reply_to(head, bare ? flag_capped : 0);
        const nlmsgerr body{-code, head};
        const base::bytes returned = bare ? base::bytes{} : request.subspan(sizeof head);
        reply.nlmsg_type = NLMSG_ERROR;
        reply.nlmsg_len = static_cast<std::uint32_t>(sizeof reply + sizeof body + returned.size());
        datagram &out = out_.now.emplace_back(padded(reply.nlmsg_len));
        std::memcpy(out.data(), &reply, sizeof reply);
        std::memcpy(out.data() + sizeof reply, &body, sizeof body);
        if (!returned.empty())
            std::memcpy(out.data() + sizeof reply + sizeof body, returned.data(), returned.size());
    }

    static constexpr std::uint32_t references_when_listed = 1;
    static constexpr std::uint32_t references_when_asked = 2; ///< the question holds one

    alg::engine &engine_;
    const asker &from_;
    replies out_;
};

} // namespace

replies answer(alg::engine &engine, base::bytes request, const asker &from) {
    conversation c(engine, from);
    while (const std::optional<nlmsghdr> head = read<nlmsghdr>(request)) {
        if (head->nlmsg_len < sizeof *head || head->nlmsg_len > request.size())
            break;
        c.take(*head, request.first(head->nlmsg_len));
        request = request.subspan(std::min(padded(head->nlmsg_len), request.size()));
    }
    return std::move(c).done();
}

} // namespace kcapi::preload
