// SPDX-License-Identifier: BSD-3-Clause
//
// Test vectors as attribute text, our own (.vec) and NIST's CAVP (.rsp):
//
//   # a comment
//   [Name = value]     inherited by every record until the next group of such lines
//   [FLAG]
//
//   Name = value       a record: lines up to a blank one. No value after the sign: an empty one.
//   FLAG               an attribute without the sign also has an empty value
//
// A vector that is there and tests nothing is the danger, so these are errors: a record with an attribute
// (own or inherited) that nobody read, an attribute twice, an inherited one overridden, groups without a
// record after them, a file without records. Errors are thrown as vector_error, whose text begins with
// file:line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::test {

class vector_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The bytes that hexadecimal text stands for, or vector_error ("odd number of digits", "not a hexadecimal
/// digit").
[[nodiscard]] std::vector<std::uint8_t> from_hex(std::string_view text);
[[nodiscard]] std::string to_hex(const std::uint8_t *data, std::size_t size);

class record {
  public:
    /// "file:line" of its first attribute.
    [[nodiscard]] std::string where() const;

    /// Whether it has the attribute, own or inherited. That alone does not count as reading it.
    [[nodiscard]] bool has(const std::string &name) const { return attributes_.count(name) != 0; }
    /// True if it has the attribute, which must then be without a value.
    [[nodiscard]] bool flag(const std::string &name);
    [[nodiscard]] std::string text(const std::string &name);
    [[nodiscard]] std::vector<std::uint8_t> bytes(const std::string &name);
    [[nodiscard]] std::uint64_t number(const std::string &name);
    /// Reads an attribute that has nothing to test, such as a running number.
    void ignore(const std::string &name) { (void)text(name); }
    /// For a record that is another test's.
    void ignore_all() {
        for (auto &[name, a] : attributes_)
            a.read = true;
    }

  private:
    friend class vector_reader;
    struct attribute {
        std::string value;
        std::size_t line = 0;
        bool read = false;
    };

    [[nodiscard]] attribute &find(const std::string &name);
    [[noreturn]] void fail(std::size_t line, const std::string &what) const;

    std::string file_;
    std::size_t line_ = 0;
    std::map<std::string, attribute> attributes_;
};

/// Calls `body` for each record; returns how many there were, at least one.
std::size_t for_each_record(std::istream &in, const std::string &name,
                            const std::function<void(record &)> &body);
std::size_t for_each_record(const std::string &path, const std::function<void(record &)> &body);

} // namespace kcapi::test
