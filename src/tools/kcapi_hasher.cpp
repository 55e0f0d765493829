// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-hasher and its other names: sums and HMACs of files, and their check; kcapi-hasher(1).
#include "check_file.hpp"
#include "check_lists.hpp"
#include "console.hpp"
#include "file_hasher.hpp"
#include "hash_lines.hpp"
#include "hasher_options.hpp"
#include "hex.hpp"
#include "output.hpp"
#include "text_out.hpp"

#include <cerrno>
#include <cstring>

namespace {

using namespace kcapi::tools;

constexpr int status_cannot_read = 251;
constexpr int status_not_a_file = 234;

kcapi::bytes kept(const hasher_options &o, const file_digest &d) {
    return kcapi::bytes(d.digest).first(o.kept_bytes != 0 ? o.kept_bytes : d.digest.size());
}

int print_sums(const hasher_options &o, const handle &hash) {
    const std::vector<std::string> names = o.operands.empty() ? std::vector<std::string>{"-"} : o.operands;
    const line_style style{o.tagged ? o.label() : "", o.binary, o.zero};
    text_out out;
    int status = 0;
    hash_files(hash, names, o.jobs, [&](std::size_t i, const file_digest &d) {
        if (d.error == 0) {
            out.put(sum_line(kept(o, d), names[i], style));
            return;
        }
        complain(names[i] + ": " + std::strerror(d.error));
        status = 1;
    });
    out.flush();
    return status;
}

int write_check_files(const hasher_options &o, const handle &hash) {
    if (o.operands.empty())
        return print_sums(o, hash);
    const line_style style{o.tagged ? o.label() : "", o.binary, o.zero};
    int status = 0;
    hash_files(hash, o.operands, o.jobs, [&](std::size_t i, const file_digest &d) {
        const std::string &name = o.operands[i];
        try {
            if (d.error != 0)
                throw failure{1, name + ": " + std::strerror(d.error)};
            const std::string line =
                o.tagged ? sum_line(kept(o, d), name, style) : to_hex(kept(o, d)) + (o.zero ? '\0' : '\n');
            output file(check_file_to_write(name, o.directory).c_str());
            file.write(kcapi::bytes_of(std::string_view(line)));
            file.commit();
        } catch (const failure &f) {
            complain(f.text);
            status = 1;
        }
    });
    return status;
}

int check_by_check_file(const hasher_options &o, const handle &hash) {
    const std::string &name = o.operands.front();
    const std::optional<std::vector<std::uint8_t>> wanted =
        read_check_file(check_file_of(name, o.who->key, ""));
    if (!wanted)
        return 1;
    const file_digest d = hash_file(hash, name);
    if (d.error != 0) {
        complain(name + ": " + std::strerror(d.error));
        return d.error == EISDIR ? status_not_a_file : status_cannot_read;
    }
    return kcapi::equal_in_constant_time(kept(o, d), *wanted) ? 0 : 1;
}

int print_self_sum(const std::string &file) {
    text_out out;
    out.put(to_hex(self_sum(file)) + "\n");
    out.flush();
    return 0;
}

int work(const hasher_options &o) {
    check_integrity();
    if (o.self_sum || o.self_sum_library)
        return print_self_sum(o.self_sum ? own_program() : own_library());
    const handle hash = open_hash({o.algorithm(), o.key});
    if (const std::size_t size = kcapi_md_digestsize(hash.get()); o.kept_bytes > size)
        throw failure{1, "--truncate: " + o.hash + " has " + std::to_string(size * 8) + " bits"};
    if (o.check)
        return check_lists(o, hash);
    switch (o.who->does) {
    case task::write_check_files:
        return write_check_files(o, hash);
    case task::check_file:
        return check_by_check_file(o, hash);
    default:
        return print_sums(o, hash);
    }
}

int run(int argc, char **argv) {
    chosen_personality chosen = choose_personality(argc, argv);
    set_tool_name(chosen.name);
    set_level(level::error);
    try {
        const personality *const who = find_personality(chosen.name);
        if (who == nullptr) {
            put_error_line(hasher_help("kcapi-hasher"));
            throw failure{1, "'" + chosen.name + "' is not the name of a tool"};
        }
        std::optional<hasher_options> o = parse_hasher_options(*who, std::move(chosen.arguments));
        return o ? work(*o) : 0;
    } catch (const failure &f) {
        complain(f.text);
        if (!f.hint.empty())
            put_error_line("  " + f.hint + "\n");
        return f.status;
    }
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-hasher", argc, argv, run); }
