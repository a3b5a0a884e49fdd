#pragma once

// What a document costs to parse, by the piece, counted before it is parsed. Knows no more of JSON than where strings end.

#include "CSimdjson.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

// What bytes are to whoever looks for the pieces of a document.
enum byte_class : uint8_t { class_other = 0, class_value = 1, class_string = 2, class_number = 4, class_escape = 8 };

struct Classes {
    uint8_t of[256] = {};

    constexpr Classes() {
        for (const char byte : {',', '[', '{'}) { of[static_cast<uint8_t>(byte)] = class_value; }
        for (int digit = '0'; digit <= '9'; ++digit) { of[digit] = class_number; }
        of[static_cast<uint8_t>('"')] = class_string;
        of[static_cast<uint8_t>('\\')] = class_escape;
    }
};

constexpr Classes classes;

// Where the next byte of one of `wanted` is, or `end`.
const uint8_t *next_of(uint8_t wanted, const uint8_t *at, const uint8_t *end) {
    while (at < end && (classes.of[*at] & wanted) == 0) { ++at; }
    return at;
}

// Where the next quote or backslash is, or `end`. They are either near one another or far apart.
const uint8_t *next_mark(const uint8_t *at, const uint8_t *end) {
    constexpr size_t block = 32;
    constexpr uint8_t wanted = class_string | class_escape;
    const size_t length = static_cast<size_t>(end - at);
    const uint8_t *near = next_of(wanted, at, at + std::min(length, block / 2));
    if (near == end || classes.of[*near] & wanted) { return near; }
    for (at = near; static_cast<size_t>(end - at) >= block; at += block) {
        unsigned found = 0;
        for (size_t byte = 0; byte < block; ++byte) { found |= static_cast<unsigned>(at[byte] == '"') | static_cast<unsigned>(at[byte] == '\\'); }
        if (found != 0) { break; }
    }
    return next_of(wanted, at, end);
}

// The end of a string whose opening quote is at `at`: behind its closing one. Adds its escapes to `escapes`.
const uint8_t *after_string(const uint8_t *at, const uint8_t *end, size_t &escapes) {
    ++at;
    while (true) {
        // Escapes often follow one another: a search for each would cost more than looking at it.
        while (end - at >= 2 && *at == '\\') {
            ++escapes;
            at += 2;
        }
        at = next_mark(at, end);
        if (at == end) { return end; }
        if (*at == '"') { return at + 1; }
        if (end - at < 2) { return end; }
    }
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

// Bytes of two kinds, wherever they stand.
struct Marks {
    size_t values = 0;
    size_t backslashes = 0;

    // Sums of a byte's width, so that a vector holds many of them; 240 of them do not overflow.
    static Marks in(const uint8_t *at, const uint8_t *end) {
        constexpr size_t block = 240;
        Marks marks;
        while (at < end) {
            const size_t length = std::min(block, static_cast<size_t>(end - at));
            uint8_t values = 0;
            uint8_t backslashes = 0;
            for (size_t byte = 0; byte < length; ++byte) {
                values = static_cast<uint8_t>(values + (at[byte] == ',' || at[byte] == '[' || at[byte] == '{'));
                backslashes = static_cast<uint8_t>(backslashes + (at[byte] == '\\'));
            }
            marks.values += values;
            marks.backslashes += backslashes;
            at += length;
        }
        return marks;
    }
};

// What parsing costs by the piece, counted before it: values (some 50 ns each), escapes (7 ns), and numbers of more than 19 digits and
// point together, which the parser reads in a slow way (2.5 us each, and 20 ns for each of their digits).
class Census {
  public:
    explicit Census(const csj_limits &most) : most(most) {}

    csj_status take(const uint8_t *at, const uint8_t *end) {
        // One vectorised pass is all that nearly every document needs.
        const Marks marks = Marks::in(at, end);
        const size_t length = static_cast<size_t>(end - at);
        if (marks.values <= most.values && length / (short_digits + 2) <= most.long_numbers &&
            length <= most.long_number_digits && marks.backslashes <= most.escapes) {
            return csj_status_ok;
        }
        constexpr uint8_t wanted = class_value | class_string | class_number;
        while ((at = next_of(wanted, at, end)) < end) {
            switch (classes.of[*at]) {
            case class_string:
                at = after_string(at, end, escapes);
                if (escapes > most.escapes) { return csj_status_too_many_escapes; }
                break;
            case class_number:
                at = number(at, end);
                if (long_numbers > most.long_numbers || digits_of_long > most.long_number_digits) {
                    return csj_status_too_many_long_numbers;
                }
                break;
            default:
                ++at;
                if (++values > most.values) { return csj_status_too_many_values; }
            }
        }
        return csj_status_ok;
    }

  private:
    static constexpr size_t short_digits = 19;

    // Ends early where the number alone is too long.
    const uint8_t *number(const uint8_t *at, const uint8_t *end) {
        size_t digits = 0;
        size_t significant = 0;
        bool in_exponent = false;
        for (; at < end && (is_digit(*at) || *at == '.' || *at == 'e' || *at == 'E' || *at == '+' || *at == '-'); ++at) {
            in_exponent |= *at == 'e' || *at == 'E';
            significant += !in_exponent && (is_digit(*at) || *at == '.');
            if (++digits > most.long_number_digits) { break; }
        }
        if (significant > short_digits) { ++long_numbers; }
        if (significant > short_digits || digits > most.long_number_digits) { digits_of_long += digits; }
        return at;
    }

    const csj_limits most;
    size_t values = 0;
    size_t escapes = 0;
    size_t long_numbers = 0;
    size_t digits_of_long = 0;
};

}  // namespace
