// SPDX-License-Identifier: BSD-3-Clause
#include "base/sys.hpp"
#include "support/fake_kernel_files.hpp"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/uio.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>

namespace kcapi::test {

fake_kernel::fake_kernel() = default;

int fake_kernel::add(std::shared_ptr<file> f) {
    f->inode = next_descriptor_;
    descriptors_.emplace(next_descriptor_, std::move(f));
    return next_descriptor_++;
}

long fake_kernel::would_sleep() {
    ++sleeps;
    return -EDEADLK;
}

void fake_kernel::close(int fd) { descriptors_.erase(fd); }

long fake_kernel::identity(int fd) {
    const auto it = descriptors_.find(fd);
    return it == descriptors_.end() ? -EBADF : it->second->inode;
}

void fake_kernel::replace(int fd) {
    close(fd);
    const int made = add(std::make_shared<netlink_file>());
    descriptors_[fd] = descriptors_.at(made);
    descriptors_.erase(made);
}

long fake_kernel::socket(int domain, int, int) {
    if (domain == AF_NETLINK)
        return netlink_error != 0 ? -netlink_error : add(std::make_shared<netlink_file>());
    return socket_error != 0 ? -socket_error : add(std::make_shared<transform_file>());
}

const toy_algorithm *fake_kernel::lookup(alg::kind type, std::string_view name, std::uint32_t mask) const {
    const toy_algorithm *best = nullptr;
    for (const toy_algorithm &a : algorithms) {
        if (a.info.type != type || !a.bindable || a.internal || !a.tested)
            continue;
        if (obeys_mask ? (mask & uapi::flag_driver_only) != 0 && !a.info.hardware
                       : a.async || a.info.hardware)
            continue;
        if (a.info.driver_name == name)
            return &a;
        if (a.info.name == name && (best == nullptr || a.info.priority > best->info.priority))
            best = &a;
    }
    return best;
}

long fake_kernel::bind(int fd, base::bytes address) {
    if (find<netlink_file>(fd))
        return 0;
    const auto t = find<transform_file>(fd);
    uapi::address a{};
    if (!t || address.size() > sizeof a || address.size() < offsetof(uapi::address, name) + 1)
        return -EINVAL;
    std::memcpy(&a, address.data(), address.size());
    // The last byte of the name area is the terminator, whatever it was.
    reinterpret_cast<char *>(&a)[address.size() - 1] = '\0';
    const auto type = alg::kind_from_name(a.type);
    const toy_algorithm *found = type ? lookup(*type, a.name, a.mask) : nullptr;
    if (found == nullptr)
        return -ENOENT;
    t->algorithm = found;
    return 0;
}

long fake_kernel::accept(int fd) {
    if (find<operation_file>(fd))
        return -EOPNOTSUPP; // of a cipher; a hash would be copied
    const auto t = find<transform_file>(fd);
    if (!t || t->algorithm == nullptr)
        return -EINVAL;
    auto op = std::make_shared<operation_file>();
    op->parent = t;
    op->iv.assign(t->algorithm->info.iv_size, 0);
    op->send_buffer = op->receive_buffer = default_buffer;
    return add(std::move(op));
}

long fake_kernel::setsockopt(int fd, int level, int option, const void *value, std::size_t size) {
    if (const auto op = find<operation_file>(fd)) {
        if (level != SOL_SOCKET)
            return -EOPNOTSUPP;
        int wanted = 0;
        std::memcpy(&wanted, value, sizeof wanted);
        const bool force = option == SO_SNDBUFFORCE || option == SO_RCVBUFFORCE;
        if (force && !may_force)
            return -EPERM;
        const int effective = std::max(2 * (force ? wanted : std::min(wanted, max_buffer)), 4608);
        (option == SO_SNDBUF || option == SO_SNDBUFFORCE ? op->send_buffer : op->receive_buffer) = effective;
        return 0;
    }
    const auto t = find<transform_file>(fd);
    if (!t || level != uapi::sol_alg || t->algorithm == nullptr)
        return -ENOPROTOOPT;
    if (option == uapi::set_aead_authsize) {
        if (t->algorithm->info.type != alg::kind::aead)
            return -ENOPROTOOPT;
        if (size == 0 || size > t->algorithm->info.max_tag_size)
            return -EINVAL;
        t->tag_size = size;
        return 0;
    }
    if (option != uapi::set_key)
        return -ENOPROTOOPT;
    if (size < t->algorithm->info.min_key_size || size > t->algorithm->info.max_key_size)
        return -EINVAL;
    t->keyed = true;
    return 0;
}

long fake_kernel::getsockopt(int fd, int, int option) {
    const auto op = find<operation_file>(fd);
    return !op ? -ENOPROTOOPT : option == SO_SNDBUF ? op->send_buffer : op->receive_buffer;
}

long fake_kernel::take_header(operation_file &op, const msghdr &message) {
    std::uint32_t code = 0;
    std::size_t assoc_len = 0;
    std::optional<byte_vector> iv;
    const auto *at = static_cast<const std::uint8_t *>(message.msg_control);
    for (std::size_t left = message.msg_controllen; left >= sizeof(cmsghdr);) {
        cmsghdr head;
        std::memcpy(&head, at, sizeof head);
        if (head.cmsg_len < CMSG_LEN(sizeof code) || head.cmsg_len > left || head.cmsg_level != uapi::sol_alg)
            return -EINVAL;
        std::uint32_t word;
        std::memcpy(&word, at + CMSG_LEN(0), sizeof word);
        if (head.cmsg_type == uapi::set_op)
            code = word;
        else if (head.cmsg_type == uapi::set_iv && head.cmsg_len >= CMSG_LEN(sizeof word + word))
            iv.emplace(at + CMSG_LEN(sizeof word), at + CMSG_LEN(sizeof word) + word);
        else if (head.cmsg_type == uapi::set_aead_assoclen)
            assoc_len = word;
        else
            return -EINVAL;
        const std::size_t step = std::min<std::size_t>(CMSG_ALIGN(head.cmsg_len), left);
        at += step;
        left -= step;
    }
    if (code > 1 || (iv && iv->size() != op.iv.size()))
        return -EINVAL;
    op.code = code;
    op.assoc_len = assoc_len;
    if (iv)
        op.iv = std::move(*iv);
    // A mode without IV has no chain to continue: the toy then starts with its header.
    if (iv || op.iv.empty())
        op.position = 0;
    return 0;
}

long fake_kernel::queue_bytes(operation_file &op, base::bytes data, bool more, bool dont_wait,
                              std::size_t limit) {
    if (!op.usable())
        return -ENOKEY;
    if (op.ready && !op.more && !op.queue.empty())
        return -EINVAL;
    op.ready = true;
    const std::size_t buffer = whole_pages(op.send_buffer);
    const std::size_t room = buffer - std::min(buffer, op.queue.size());
    const std::size_t memory = max_queue - std::min(max_queue, op.queue.size());
    const std::size_t n = std::min({data.size(), room, memory, limit});
    if (n < data.size() && n == room && n < memory && !dont_wait)
        return would_sleep();
    if (n == 0 && !data.empty())
        return memory == 0 ? -ENOMEM : -EAGAIN;
    op.queue.insert(op.queue.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
    if (n == data.size())
        op.more = more;
    return static_cast<long>(n);
}

long fake_kernel::sendmsg(int fd, const msghdr &message, int flags, std::size_t limit) {
    const base::iov_list list{message.msg_iov, message.msg_iovlen};
    if (const auto n = find<netlink_file>(fd))
        return answer_query(*n, gather(list));
    const auto op = find<operation_file>(fd);
    if (!op)
        return -EOPNOTSUPP;
    if (!op->usable())
        return -ENOKEY;
    if (op->parent->algorithm->info.type == alg::kind::hash)
        return hash_send(*op, gather(list), (flags & MSG_MORE) != 0, limit);
    if (op->ready && !op->more && !op->queue.empty())
        return -EINVAL;
    if (message.msg_controllen != 0)
        if (const long r = take_header(*op, message); r != 0)
            return r;
    return queue_bytes(*op, gather(list), (flags & MSG_MORE) != 0, (flags & MSG_DONTWAIT) != 0, limit);
}

long fake_kernel::pass(operation_file &op, base::iov_list out, std::size_t produced, std::size_t &position,
                       bool dont_wait) {
    const toy_algorithm &a = *op.parent->algorithm;
    if (a.info.type == alg::kind::aead)
        return aead_pass(op, out, position, dont_wait);
    if (!op.ready || (op.more && op.queue.size() < a.info.chunk_size))
        return dont_wait || produced != 0 ? -EAGAIN : would_sleep();
    const std::size_t buffer = whole_pages(op.receive_buffer);
    std::size_t room = 0;
    std::size_t start = 0;
    for (const iovec &v : out) {
        const std::size_t end = start + v.iov_len;
        if (end > position) {
            if (room >= buffer || (ends_pass_at_elements && room + page > buffer))
                break;
            room += std::min(end - std::max(start, position), buffer - room);
        }
        start = end;
    }
    std::size_t n = std::min(op.queue.size(), room);
    if (n > max_pass)
        return -ENOMEM;
    const std::size_t unrounded = n;
    if (op.more || n < op.queue.size()) {
        n -= n % a.info.chunk_size;
        if (n == 0)
            return -EINVAL;
    }
    const byte_vector input(op.queue.begin(), op.queue.begin() + static_cast<std::ptrdiff_t>(n));
    op.queue.erase(op.queue.begin(), op.queue.begin() + static_cast<std::ptrdiff_t>(n));
    if (op.queue.empty())
        op.ready = op.more;
    if (a.whole_blocks && n % a.info.block_size != 0)
        return -EINVAL;
    scatter(out, position, toy_crypt(op.code == 1, op.iv, input, op.position));
    position += has_gap ? unrounded : n;
    if (a.chains)
        op.position += n;
    return static_cast<long>(n);
}

long fake_kernel::recvmsg(int fd, msghdr &message, int flags, std::size_t limit) {
    const base::iov_list list{message.msg_iov, message.msg_iovlen};
    const bool dont_wait = (flags & MSG_DONTWAIT) != 0;
    if (const auto n = find<netlink_file>(fd)) {
        if (n->replies.empty())
            return dont_wait ? -EAGAIN : would_sleep();
        const byte_vector datagram = std::move(n->replies.front());
        n->replies.pop_front();
        sockaddr_nl from{AF_NETLINK, 0, netlink_sender, 0};
        std::memcpy(message.msg_name, &from, sizeof from);
        message.msg_namelen = sizeof from;
        const std::size_t room = std::min(base::total_length(list).value_or(0), limit);
        message.msg_flags = datagram.size() > room ? MSG_TRUNC : 0;
        const std::size_t size = std::min(datagram.size(), room);
        scatter(list, 0, base::bytes(datagram).first(size));
        return static_cast<long>(size);
    }
    const auto op = find<operation_file>(fd);
    if (!op)
        return -EOPNOTSUPP;
    if (!op->usable())
        return -ENOKEY;
    if (op->parent->algorithm->info.type == alg::kind::hash)
        return hash_receive(*op, list);
    if (max_receive_elements != 0 && list.size() > max_receive_elements)
        return -ENOMEM;
    // A call that is to come short has a shorter list.
    std::vector<iovec> offered(list.begin(), list.end());
    std::size_t room = 0;
    for (iovec &v : offered)
        room += v.iov_len = std::min(v.iov_len, limit - room);
    std::size_t produced = 0;
    std::size_t position = 0;
    while (produced < room) {
        const long n = pass(*op, offered, produced, position, dont_wait);
        if (n < 0)
            return produced != 0 ? static_cast<long>(produced) : n;
        produced += static_cast<std::size_t>(n);
        if (n == 0)
            break;
    }
    return static_cast<long>(produced);
}

long fake_kernel::poll(int fd, short events) {
    const auto op = find<operation_file>(fd);
    if (!op)
        return 0;
    const bool in = !op->more || !op->queue.empty();
    const bool out = op->queue.size() + page <= whole_pages(op->send_buffer);
    return events & ((in ? POLLIN : 0) | (out ? POLLOUT : 0));
}

long fake_kernel::pipe(int fds[2]) {
    auto shared = std::make_shared<pipe_file::buffer>();
    for (int i = 0; i < 2; ++i) {
        auto end = std::make_shared<pipe_file>();
        end->shared = shared;
        fds[i] = add(std::move(end));
    }
    return 0;
}

long fake_kernel::set_pipe_size(int fd, std::size_t size) {
    const auto p = find<pipe_file>(fd);
    if (!p || pipe_size_error != 0)
        return p ? -pipe_size_error : -EBADF;
    p->shared->slots = size / page;
    return static_cast<long>(size);
}

long fake_kernel::vmsplice(int fd, base::iov_list from, std::size_t limit) {
    const auto p = find<pipe_file>(fd);
    if (!p)
        return -EBADF;
    // A slot holds what lies in one page.
    std::size_t moved = 0;
    for (const iovec &v : from)
        for (std::size_t done = 0; done < v.iov_len;) {
            const auto *at = static_cast<const std::uint8_t *>(v.iov_base) + done;
            const std::size_t in_page = page - reinterpret_cast<std::uintptr_t>(at) % page;
            const std::size_t n = std::min({in_page, v.iov_len - done, limit - moved});
            if (n == 0 || p->shared->fragments.size() == p->shared->slots)
                return moved != 0 ? static_cast<long>(moved) : -EAGAIN;
            p->shared->fragments.emplace_back(at, at + n);
            moved += n;
            done += n;
        }
    return static_cast<long>(moved);
}

long fake_kernel::splice(int from, int to, std::size_t length, unsigned flags, std::size_t limit) {
    const auto p = find<pipe_file>(from);
    const auto op = find<operation_file>(to);
    if (!p || !op)
        return -EBADF;
    std::size_t left = std::min(length, limit);
    const bool all = left == length;
    std::size_t moved = 0;
    auto &fragments = p->shared->fragments;
    while (left != 0 && !fragments.empty()) {
        byte_vector &first = fragments.front();
        const std::size_t n = std::min(first.size(), left);
        const bool more = (flags & SPLICE_F_MORE) != 0 || !all || n < left;
        // SPLICE_F_NONBLOCK is about the pipe: a full op puts the caller to sleep, and where pages are not
        // copied each fragment wants room for a page.
        if (op->queue.size() + page > whole_pages(op->send_buffer))
            return moved != 0 ? static_cast<long>(moved) : would_sleep();
        const long r = queue_bytes(*op, base::bytes(first).first(n), more, false, SIZE_MAX);
        if (r < 0)
            return moved != 0 ? static_cast<long>(moved) : r;
        moved += n;
        left -= n;
        first.erase(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(n));
        if (first.empty())
            fragments.pop_front();
    }
    return moved == 0 ? -EAGAIN : static_cast<long>(moved);
}

std::size_t fake_kernel::pipe_bytes(int fd) const {
    std::size_t sum = 0;
    if (const auto p = find<pipe_file>(fd))
        for (const byte_vector &f : p->shared->fragments)
            sum += f.size();
    return sum;
}

long fake_kernel::answer_query(netlink_file &n, base::bytes query) {
    nlmsghdr head;
    uapi::user_alg asked;
    if (query.size() != sizeof head + sizeof asked)
        return -EINVAL;
    std::memcpy(&head, query.data(), sizeof head);
    std::memcpy(&asked, query.data() + sizeof head, sizeof asked);
    byte_vector reply;
    if ((head.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
        for (const toy_algorithm &a : algorithms) {
            const byte_vector m = algorithm_message(a, head.nlmsg_seq, true);
            reply.insert(reply.end(), m.begin(), m.end());
        }
        n.replies.push_back(reply);
        reply = done_message(head.nlmsg_seq);
    } else {
        const std::string_view driver = asked.driver_name;
        if (!driver.empty())
            driver_lookups.emplace_back(driver);
        const auto it = std::find_if(algorithms.begin(), algorithms.end(), [&](const toy_algorithm &a) {
            return driver.empty() ? a.info.name == asked.name : a.info.driver_name == driver;
        });
        reply = it == algorithms.end() ? error_message(ENOENT, head.nlmsg_seq)
                                       : algorithm_message(*it, head.nlmsg_seq, false);
    }
    n.replies.push_back(std::move(reply));
    if (tamper)
        for (byte_vector &datagram : n.replies)
            tamper(datagram);
    return static_cast<long>(query.size());
}

} // namespace kcapi::test
