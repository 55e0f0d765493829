// SPDX-License-Identifier: BSD-3-Clause
//
// A script: a text of raw AF_ALG calls, one a line. README.md beside this file has the grammar. Parsing
// checks the text as a whole, so that a script that parsed can be run: every object exists when it is used,
// every started call is joined. Nothing here knows how a call is made.
#pragma once

#include "oracle/pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::oracle {

enum class verb : std::uint8_t {
    open,
    key,
    tag,
    accept,
    send,
    receive,
    poll,
    send_buffer,
    receive_buffer,
    close
};

/// The control data of a send. Only what is given travels.
struct header {
    std::optional<std::uint32_t> op;
    std::optional<pattern> iv;
    std::optional<std::uint32_t> assoc_len;

    [[nodiscard]] bool any() const noexcept { return op || iv || assoc_len; }
};

/// Room for a receive: one iovec.
struct room {
    std::size_t length = 0;
    bool null = false; ///< at the address null

    friend bool operator==(const room &, const room &) = default;
};

/// One call. Which fields count depends on the verb.
struct call {
    verb what = verb::poll;
    std::string object;            ///< the object that is made, used or closed
    std::string parent;            ///< accept: the transform, or the operation that is copied
    std::string type;              ///< open: AF_ALG's type
    std::string name;              ///< open: the algorithm
    pattern value;                 ///< key
    header head;                   ///< send
    std::vector<pattern> segments; ///< send: one iovec each
    std::vector<room> rooms;       ///< receive
    bool more = false;
    bool dont_wait = false;
    int size = 0; ///< tag, send_buffer, receive_buffer
};

enum class manner : std::uint8_t {
    plain,     ///< make the call; it is not expected to sleep
    alarm,     ///< make the call; once it sleeps, a signal interrupts it
    start,     ///< make the call on a thread of its own
    interrupt, ///< send a signal to a thread that sleeps
    join       ///< wait until threads have finished
};

struct step {
    manner how = manner::plain;
    call what;
    std::vector<std::string> threads; ///< start and interrupt: one
    std::size_t line = 0;
};

struct script {
    std::string name; ///< of the file, without folder and ending
    std::vector<step> steps;
};

/// The canonical text: parsing it gives the same again.
[[nodiscard]] std::string to_text(const call &c);
[[nodiscard]] std::string to_text(const step &s);

/// A script, or why there is none: "file:line: reason".
struct parse_outcome {
    script value;
    std::string error;
};

[[nodiscard]] parse_outcome parse_script(std::string_view text, const std::string &file);
[[nodiscard]] parse_outcome load_script(const std::string &file);

} // namespace kcapi::oracle
