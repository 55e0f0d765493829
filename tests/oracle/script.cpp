// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/script.hpp"

#include "oracle/script_lines.hpp"

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

namespace kcapi::oracle {

namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
    Number value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// LENGTH, LENGTHxCOUNT, null:LENGTH.
bool parse_room(std::string_view text, std::vector<room> &out) {
    constexpr std::string_view null_mark = "null:";
    constexpr std::size_t most_rooms = 2000;
    const bool null = text.substr(0, null_mark.size()) == null_mark;
    if (null)
        text.remove_prefix(null_mark.size());
    const std::size_t sign = text.find('x');
    const std::optional<std::size_t> length = parse_size(text.substr(0, sign));
    const std::optional<std::size_t> count =
        sign == std::string_view::npos ? std::optional<std::size_t>(1) : parse_size(text.substr(sign + 1));
    if (!length || !count || *count == 0 || *count > most_rooms)
        return false;
    out.insert(out.end(), *count, room{*length, null});
    return true;
}

/// Reads lines into steps. The first thing that is wrong ends it; it stays in error().
class parser {
  public:
    parser(const std::vector<line> &lines, std::string file) : lines_(lines), file_(std::move(file)) {}

    std::vector<step> parse() {
        for (const line &l : lines_)
            if (error_.empty())
                parse_step(l);
        const std::size_t last = lines_.empty() ? 1 : lines_.back().number;
        if (steps_.empty())
            fail(last, "the script calls nothing");
        if (!running_.empty())
            fail(last, "thread " + *running_.begin() + " is not joined");
        return std::move(steps_);
    }

    [[nodiscard]] const std::string &error() const noexcept { return error_; }

  private:
    void fail(std::size_t number, const std::string &reason) {
        if (error_.empty())
            error_ = file_ + ':' + std::to_string(number) + ": " + reason;
    }

    void parse_step(const line &l);
    bool parse_call(const line &l, std::size_t at, call &c);
    bool parse_send(const line &l, std::size_t at, call &c);
    bool parse_send_option(const line &l, const std::string &word, call &c);
    bool parse_receive(const line &l, std::size_t at, call &c);
    bool parse_threads(const line &l, step &s);
    bool is_transform(const line &l, const std::string &name);
    bool is_parent(const line &l, const std::string &name);
    bool is_operation(const line &l, const std::string &name);
    bool is_new(const line &l, const std::string &name);

    const std::vector<line> &lines_;
    std::string file_;
    std::string error_;
    std::vector<step> steps_;
    std::set<std::string> transforms_;
    std::set<std::string> operations_;
    std::set<std::string> running_;
};

void parser::parse_step(const line &l) {
    step s;
    s.line = l.number;
    const std::string &first = l.words.front();
    if (first == "join" || first == "interrupt") {
        s.how = first == "join" ? manner::join : manner::interrupt;
        if (!parse_threads(l, s))
            return;
    } else if (first == "start") {
        s.how = manner::start;
        if (l.words.size() < 3 || !is_identifier(l.words[1]))
            return fail(l.number, "expected: start THREAD CALL");
        if (!running_.insert(l.words[1]).second)
            return fail(l.number, "thread " + l.words[1] + " is not joined");
        s.threads.push_back(l.words[1]);
        if (!parse_call(l, 2, s.what))
            return;
    } else {
        s.how = first == "alarm" ? manner::alarm : manner::plain;
        if (!parse_call(l, first == "alarm" ? 1 : 0, s.what))
            return;
    }
    const bool sleeps = s.what.what == verb::send || s.what.what == verb::receive;
    if ((s.how == manner::start || s.how == manner::alarm) && !sleeps)
        return fail(l.number, "only send and recv can sleep");
    steps_.push_back(std::move(s));
}

bool parser::parse_threads(const line &l, step &s) {
    const bool many = s.how == manner::join;
    if (l.words.size() < 2 || (!many && l.words.size() > 2)) {
        fail(l.number, "expected: " + l.words.front() + " THREAD" + (many ? "..." : ""));
        return false;
    }
    for (std::size_t i = 1; i < l.words.size(); ++i) {
        const std::string &name = l.words[i];
        if (running_.count(name) == 0) {
            fail(l.number, "thread " + name + " was not started");
            return false;
        }
        if (many)
            running_.erase(name);
        s.threads.push_back(name);
    }
    return true;
}

bool parser::is_new(const line &l, const std::string &name) {
    if (!is_identifier(name))
        fail(l.number, "\"" + name + "\" cannot name an object");
    else if (transforms_.count(name) + operations_.count(name) != 0)
        fail(l.number, name + " exists already");
    return error_.empty();
}

bool parser::is_transform(const line &l, const std::string &name) {
    if (transforms_.count(name) == 0)
        fail(l.number, name + " is no open transform");
    return error_.empty();
}

bool parser::is_parent(const line &l, const std::string &name) {
    if (transforms_.count(name) + operations_.count(name) == 0)
        fail(l.number, name + " is no open transform and no accepted operation");
    return error_.empty();
}

bool parser::is_operation(const line &l, const std::string &name) {
    if (operations_.count(name) == 0)
        fail(l.number, name + " is no accepted operation");
    return error_.empty();
}

bool parser::parse_call(const line &l, std::size_t at, call &c) {
    const std::size_t words = l.words.size() - at;
    if (words < 2) {
        fail(l.number, "a call needs an object");
        return false;
    }
    const std::string &what = l.words[at];
    c.object = l.words[at + 1];
    const auto expect = [&](std::size_t count, const char *shape) {
        if (words != count)
            fail(l.number, std::string("expected: ") + shape);
        return error_.empty();
    };
    if (what == "open") {
        c.what = verb::open;
        if (!expect(4, "open TRANSFORM TYPE NAME") || !is_new(l, c.object))
            return false;
        c.type = l.words[at + 2];
        c.name = l.words[at + 3];
        if (!is_identifier(c.type))
            fail(l.number, "\"" + c.type + "\" is no type");
        transforms_.insert(c.object);
    } else if (what == "key") {
        c.what = verb::key;
        if (!expect(3, "key TRANSFORM DATA") || !is_transform(l, c.object))
            return false;
        if (const std::optional<pattern> value = pattern::parse(l.words[at + 2]))
            c.value = *value;
        else
            fail(l.number, l.words[at + 2] + " is no byte string");
    } else if (what == "tag") {
        c.what = verb::tag;
        if (!expect(3, "tag TRANSFORM NUMBER") || !is_transform(l, c.object))
            return false;
        const std::optional<std::uint16_t> value = parse_number<std::uint16_t>(l.words[at + 2]);
        c.size = value.value_or(0);
        if (!value)
            fail(l.number, l.words[at + 2] + " is no number");
    } else if (what == "accept") {
        c.what = verb::accept;
        if (!expect(3, "accept OPERATION TRANSFORM|OPERATION") || !is_new(l, c.object) ||
            !is_parent(l, l.words[at + 2]))
            return false;
        c.parent = l.words[at + 2];
        operations_.insert(c.object);
    } else if (what == "send") {
        c.what = verb::send;
        return is_operation(l, c.object) && parse_send(l, at + 2, c);
    } else if (what == "recv") {
        c.what = verb::receive;
        return is_operation(l, c.object) && parse_receive(l, at + 2, c);
    } else if (what == "poll") {
        c.what = verb::poll;
        return expect(2, "poll OPERATION") && is_operation(l, c.object);
    } else if (what == "sndbuf" || what == "rcvbuf") {
        c.what = what == "sndbuf" ? verb::send_buffer : verb::receive_buffer;
        if (!expect(3, "sndbuf|rcvbuf OPERATION NUMBER") || !is_operation(l, c.object))
            return false;
        if (const std::optional<int> value = parse_number<int>(l.words[at + 2]))
            c.size = *value;
        else
            fail(l.number, l.words[at + 2] + " is no number");
    } else if (what == "close") {
        c.what = verb::close;
        if (!expect(2, "close OBJECT"))
            return false;
        if (transforms_.erase(c.object) + operations_.erase(c.object) == 0)
            fail(l.number, c.object + " does not exist");
    } else {
        fail(l.number, "unknown call " + what);
    }
    return error_.empty();
}

bool parser::parse_send(const line &l, std::size_t at, call &c) {
    for (; at < l.words.size(); ++at) {
        const std::string &word = l.words[at];
        if (word == "more")
            c.more = true;
        else if (word == "nowait")
            c.dont_wait = true;
        else if (!parse_send_option(l, word, c))
            return false;
    }
    return true;
}

bool parser::parse_send_option(const line &l, const std::string &word, call &c) {
    const std::size_t n = word.find('=');
    const std::string name = word.substr(0, n);
    const std::string value = n == std::string::npos ? "" : word.substr(n + 1);
    const auto refuse = [&] {
        fail(l.number, "send does not understand " + word);
        return false;
    };
    if (name == "op") {
        c.head.op = value == "enc"   ? std::optional<std::uint32_t>(1)
                    : value == "dec" ? std::optional<std::uint32_t>(0)
                                     : parse_number<std::uint32_t>(value);
        return c.head.op ? true : refuse();
    }
    if (name == "iv") {
        c.head.iv = pattern::parse(value);
        return c.head.iv ? true : refuse();
    }
    if (name == "assoc") {
        c.head.assoc_len = parse_number<std::uint32_t>(value);
        return c.head.assoc_len ? true : refuse();
    }
    if (name != "data")
        return refuse();
    for (const std::string_view part : split(value, ',')) {
        const std::optional<pattern> segment = pattern::parse(part);
        if (!segment)
            return refuse();
        c.segments.push_back(*segment);
    }
    return true;
}

bool parser::parse_receive(const line &l, std::size_t at, call &c) {
    const std::size_t words = l.words.size() - at;
    if (words == 0 || words > 2 || (words == 2 && l.words[at + 1] != "nowait")) {
        fail(l.number, "expected: recv OPERATION LENGTH[,LENGTH...] [nowait]");
        return false;
    }
    c.dont_wait = words == 2;
    for (const std::string_view part : split(l.words[at], ',')) {
        if (!parse_room(part, c.rooms)) {
            fail(l.number, std::string(part) + " is no length");
            return false;
        }
    }
    return true;
}

std::string stem(const std::string &file) {
    const std::size_t slash = file.rfind('/');
    const std::string base = slash == std::string::npos ? file : file.substr(slash + 1);
    return base.substr(0, base.rfind('.'));
}

} // namespace

parse_outcome parse_script(std::string_view text, const std::string &file) {
    const line_list source = unroll(text, file);
    if (!source.error.empty())
        return {{}, source.error};
    parser p(source.lines, file);
    parse_outcome out;
    out.value = {stem(file), p.parse()};
    out.error = p.error();
    return out;
}

parse_outcome load_script(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        return {{}, file + ":1: cannot be read"};
    return parse_script(text.str(), file);
}

} // namespace kcapi::oracle
