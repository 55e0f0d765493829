// SPDX-License-Identifier: BSD-3-Clause
// The canonical text of calls and steps.
#include "oracle/script.hpp"

namespace kcapi::oracle {

namespace {

/// A word as the tokenizer takes it back.
std::string quoted(const std::string &word) {
    const bool plain = !word.empty() && word.find_first_of(" \t#\"$") == std::string::npos;
    return plain ? word : '"' + word + '"';
}

std::string op_text(std::uint32_t op) {
    if (op == 0)
        return "dec";
    return op == 1 ? "enc" : std::to_string(op);
}

std::string send_text(const call &c) {
    std::string out = "send " + c.object;
    if (c.head.op)
        out += " op=" + op_text(*c.head.op);
    if (c.head.iv)
        out += " iv=" + c.head.iv->text();
    if (c.head.assoc_len)
        out += " assoc=" + std::to_string(*c.head.assoc_len);
    if (c.more)
        out += " more";
    if (c.dont_wait)
        out += " nowait";
    for (std::size_t i = 0; i < c.segments.size(); ++i)
        out += (i == 0 ? " data=" : ",") + c.segments[i].text();
    return out;
}

std::string room_text(const room &r, std::size_t count) {
    return (r.null ? "null:" : "") + std::to_string(r.length) +
           (count > 1 ? 'x' + std::to_string(count) : "");
}

std::string receive_text(const call &c) {
    std::string out = "recv " + c.object;
    for (std::size_t i = 0; i < c.rooms.size();) {
        std::size_t same = i + 1;
        while (same < c.rooms.size() && c.rooms[same] == c.rooms[i])
            ++same;
        out += (i == 0 ? " " : ",") + room_text(c.rooms[i], same - i);
        i = same;
    }
    if (c.dont_wait)
        out += " nowait";
    return out;
}

} // namespace

std::string to_text(const call &c) {
    switch (c.what) {
    case verb::open:
        return "open " + c.object + ' ' + c.type + ' ' + quoted(c.name);
    case verb::key:
        return "key " + c.object + ' ' + c.value.text();
    case verb::tag:
        return "tag " + c.object + ' ' + std::to_string(c.size);
    case verb::accept:
        return "accept " + c.object + ' ' + c.parent;
    case verb::send:
        return send_text(c);
    case verb::receive:
        return receive_text(c);
    case verb::poll:
        return "poll " + c.object;
    case verb::send_buffer:
        return "sndbuf " + c.object + ' ' + std::to_string(c.size);
    case verb::receive_buffer:
        return "rcvbuf " + c.object + ' ' + std::to_string(c.size);
    case verb::close:
        break;
    }
    return "close " + c.object;
}

std::string to_text(const step &s) {
    std::string names;
    for (const std::string &thread : s.threads)
        names += ' ' + thread;
    switch (s.how) {
    case manner::alarm:
        return "alarm " + to_text(s.what);
    case manner::start:
        return "start" + names + ' ' + to_text(s.what);
    case manner::interrupt:
        return "interrupt" + names;
    case manner::join:
        return "join" + names;
    case manner::plain:
        break;
    }
    return to_text(s.what);
}

} // namespace kcapi::oracle
