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

} // namespace kcapi::alg
