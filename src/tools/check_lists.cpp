// SPDX-License-Identifier: BSD-3-Clause
#include "check_lists.hpp"

#include "console.hpp"
#include "hash_lines.hpp"
#include "text_out.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kcapi::tools {

namespace {

constexpr int status_no_list = 253;

std::string counted(std::size_t n, const char *one, const char *more) {
    return "WARNING: " + std::to_string(n) + " " + (n == 1 ? one : more);
}

/// One list: what is in it, and what came out.
class list_check {
  public:
    list_check(const hasher_options &o, const handle &hash, const std::string &name, text_out &out)
        : o_(o), hash_(hash), name_(name), out_(out), size_(kcapi_md_digestsize(hash.get())) {
        if (o.kept_bytes != 0)
            size_ = o.kept_bytes;
    }

    [[nodiscard]] int run() {
        std::string text;
        if (const int code = read_list(text); code != 0) {
            complain(name_ + ": " + std::strerror(code));
            return code == EISDIR ? 1 : status_no_list;
        }
        parse(text);
        if (sums_.empty()) {
            out_.flush();
            complain(name_ + ": no properly formatted checksum lines found");
            return 1;
        }
        if (o_.target.empty())
            check_names();
        else
            check_target();
        out_.flush();
        return summary();
    }

  private:
    int read_list(std::string &text) const {
        unique_fd owned;
        int fd = STDIN_FILENO;
        if (name_ != "-") {
            owned.reset(::open(name_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
            fd = owned.get();
            if (fd < 0)
                return errno;
        }
        for (;;) {
            const std::size_t old = text.size();
            text.resize(old + (64U << 10));
            const ssize_t n =
                read_fully(fd, {reinterpret_cast<std::uint8_t *>(text.data()) + old, text.size() - old});
            if (n < 0)
                return static_cast<int>(-n);
            text.resize(old + static_cast<std::size_t>(n));
            if (text.size() < old + (64U << 10))
                return 0;
        }
    }

    void parse(std::string_view text) {
        const std::string label = o_.label();
        for (std::size_t number = 1; !text.empty(); ++number) {
            listed_sum sum;
            switch (parse_sum_line(next_line(text), label, size_, sum)) {
            case line_kind::sum:
                // A sum alone is for --target.
                if (!sum.name.empty() || !o_.target.empty())
                    sums_.push_back(std::move(sum));
                break;
            case line_kind::improper:
                ++improper_;
                if (o_.warn && !o_.status_only)
                    complain(name_ + ": " + std::to_string(number) + ": improperly formatted " + label +
                             " checksum line");
                break;
            default:
                break;
            }
        }
    }

    void check_names() {
        std::vector<std::string> names;
        names.reserve(sums_.size());
        for (const listed_sum &s : sums_)
            names.push_back(s.name);
        hash_files(hash_, names, o_.jobs,
                   [&](std::size_t i, const file_digest &d) { judge(sums_[i], names[i], d); });
    }

    void check_target() {
        const file_digest d = hash_file(hash_, o_.target);
        for (const listed_sum &s : sums_)
            judge(s, o_.target, d);
    }

    void judge(const listed_sum &wanted, const std::string &file, const file_digest &found) {
        if (found.error == ENOENT && o_.ignore_missing)
            return;
        if (found.error != 0) {
            complain(file + ": " + std::strerror(found.error));
            ++unreadable_;
            tell(file, "Not OK", !o_.status_only);
            return;
        }
        const bool good = equal_in_constant_time(bytes(found.digest).first(size_), wanted.digest);
        ++(good ? good_ : wrong_);
        tell(file, good ? "OK" : "Not OK", !o_.status_only && !(good && o_.quiet));
    }

    void tell(const std::string &file, const char *verdict, bool shown) {
        if (!shown)
            return;
        bool escaped = false;
        const std::string name = o_.zero ? file : escaped_name(file, escaped);
        out_.put((escaped ? "\\" : "") + name + ": " + verdict + (o_.zero ? std::string(1, '\0') : "\n"));
    }

    [[nodiscard]] int summary() const {
        if (!o_.status_only) {
            if (improper_ != 0)
                complain(
                    counted(improper_, "line is improperly formatted", "lines are improperly formatted"));
            if (unreadable_ != 0)
                complain(
                    counted(unreadable_, "listed file could not be read", "listed files could not be read"));
            if (wrong_ != 0)
                complain(
                    counted(wrong_, "computed checksum did NOT match", "computed checksums did NOT match"));
            if (o_.ignore_missing && good_ == 0)
                complain(name_ + ": no file was verified");
        }
        return wrong_ != 0 || unreadable_ != 0 || good_ == 0 || (o_.strict && improper_ != 0) ? 1 : 0;
    }

    const hasher_options &o_;
    const handle &hash_;
    const std::string &name_;
    text_out &out_;
    std::size_t size_;
    std::vector<listed_sum> sums_;
    std::size_t improper_ = 0;
    std::size_t unreadable_ = 0;
    std::size_t wrong_ = 0;
    std::size_t good_ = 0;
};

} // namespace

int check_lists(const hasher_options &o, const handle &hash) {
    text_out out;
    int status = 0;
    const std::vector<std::string> lists = o.operands.empty() ? std::vector<std::string>{"-"} : o.operands;
    for (const std::string &list : lists)
        status = std::max(status, list_check(o, hash, list, out).run());
    return status;
}

} // namespace kcapi::tools
