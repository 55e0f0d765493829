// SPDX-License-Identifier: BSD-3-Clause
#include "alg/name.hpp"

namespace kcapi::alg {

namespace {

constexpr bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Recursive descent. The text is at most max_name long, so the depth is bounded too.
class parser {
  public:
    explicit parser(std::string_view text) noexcept : rest_(text) {}

    std::optional<name> parse() {
        name result;
        std::size_t n = 0;
        while (n < rest_.size() && is_name_character(rest_[n]))
            ++n;
        if (n == 0)
            return std::nullopt;
        result.base = rest_.substr(0, n);
        rest_.remove_prefix(n);
        if (!accept('('))
            return result;
        do {
            std::optional<name> argument = parse();
            if (!argument)
                return std::nullopt;
            result.arguments.push_back(std::move(*argument));
        } while (accept(','));
        if (!accept(')'))
            return std::nullopt;
        return result;
    }

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  private:
    bool accept(char c) noexcept {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
};

} // namespace

std::string name::text() const {
    std::string out = base;
    if (!is_template())
        return out;
    char separator = '(';
    for (const name &argument : arguments) {
        out += separator;
        out += argument.text();
        separator = ',';
    }
    return out + ')';
}

std::optional<name> parse_name(std::string_view text) {
    if (text.size() > max_name)
        return std::nullopt;
    parser p(text);
    std::optional<name> result = p.parse();
    return p.at_end() ? result : std::nullopt;
}

std::optional<name> leading_template(std::string_view text) {
    if (text.size() > max_name)
        return std::nullopt;
    parser p(text);
    std::optional<name> result = p.parse();
    return result && result->is_template() && !p.at_end() ? result : std::nullopt;
}

std::string_view outer_template(std::string_view text) noexcept {
    const auto skip_name = [&](std::size_t from) {
        while (from < text.size() && is_name_character(text[from]))
            ++from;
        return from;
    };
    const std::size_t base = skip_name(0);
    std::size_t at = base;
    while (base != 0 && at < text.size() && text[at] == (at == base ? '(' : ',')) {
        const std::size_t begin = at + 1;
        at = skip_name(begin);
        if (at < text.size() && text[at] == '(') {
            std::size_t depth = 0;
            do {
                depth += text[at] == '(' ? 1U : 0U;
                depth -= text[at] == ')' ? 1U : 0U;
                ++at;
            } while (depth != 0 && at < text.size());
            if (depth != 0)
                break;
        }
        if (at == begin || at == text.size())
            break;
        if (text[at] == ')')
            return at + 1 == text.size() ? text.substr(0, base) : std::string_view();
    }
    return {};
}

} // namespace kcapi::alg
