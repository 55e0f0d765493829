// SPDX-License-Identifier: BSD-3-Clause
#include "preload/listing/proc_crypto.hpp"

#include "preload/listing/entry.hpp"

#include <algorithm>

namespace kcapi::preload {

namespace {

/// Width of a field's name with its padding; " : " is not in it.
constexpr std::size_t name_width = 12;

class record_writer {
  public:
    explicit record_writer(std::string &out) noexcept : out_(out) {}

    void line(std::string_view field, std::string_view value) {
        out_ += field;
        out_.append(name_width - std::min(name_width, field.size()), ' ');
        out_ += " : ";
        out_ += value;
        out_ += '\n';
    }
    void line(std::string_view field, std::uint32_t value) { line(field, std::to_string(value)); }

  private:
    std::string &out_;
};

void write_kind(record_writer &w, const alg::properties &p) {
    switch (p.type) {
    case alg::kind::skcipher:
        w.line("async", "no");
        w.line("blocksize", p.block_size);
        w.line("min keysize", p.min_key_size);
        w.line("max keysize", p.max_key_size);
        w.line("ivsize", p.iv_size);
        w.line("chunksize", p.chunk_size);
        w.line("walksize", p.chunk_size);
        w.line("statesize", 0);
        break;
    case alg::kind::aead:
        w.line("async", "no");
        w.line("blocksize", p.block_size);
        w.line("ivsize", p.iv_size);
        w.line("maxauthsize", p.max_tag_size);
        w.line("geniv", "<none>");
        break;
    case alg::kind::hash:
        w.line("blocksize", p.block_size);
        w.line("digestsize", p.digest_size);
        break;
    case alg::kind::rng:
        w.line("seedsize", p.seed_size);
        break;
    case alg::kind::akcipher:
    case alg::kind::kpp:
        break;
    }
}

} // namespace

std::string proc_crypto_text(alg::engine &engine) {
    std::string text;
    record_writer w(text);
    for (const entry &e : entries(engine)) {
        const alg::properties &p = e.info;
        w.line("name", p.name);
        w.line("driver", p.driver_name);
        w.line("module", listed_module);
        w.line("priority", std::to_string(p.priority));
        w.line("refcnt", 1);
        w.line("selftest", e.tested() ? "passed" : "unknown");
        w.line("internal", "no");
        w.line("type", type_word(p.type));
        write_kind(w, p);
        text += '\n';
    }
    return text;
}

} // namespace kcapi::preload
