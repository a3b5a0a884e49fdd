#pragma once

// A C door to simdjson's DOM parser, 3.0 or later: earlier ones accept halves of surrogate pairs (simdjson's issues 1870 and
// 1894). No C++ type and no C++ exception passes it.
//
// Lifetimes: a csj_parser owns a padded copy of the last input and the parsed document. Every csj_value, csj_cursor and text
// that came from a parse is valid until the next csj_parse on the same parser, or its csj_parser_destroy.
// A parser is used by one thread at a time.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Swift imports an enum so marked as a Swift enum.
#if defined(__clang__)
#define CSJ_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define CSJ_CLOSED
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csj_parser csj_parser;

typedef enum CSJ_CLOSED csj_status {
    csj_status_ok = 0,
    csj_status_empty,
    // Longer than the parser's limit.
    csj_status_too_large,
    csj_status_invalid_utf8,
    // Nested deeper than the parser's limit.
    csj_status_too_deep,
    // Not a JSON number, or an integer outside -2^63 ... 2^64-1, or a number outside the range of a double.
    csj_status_invalid_number,
    // A bad escape, an unescaped control character, or an escaped surrogate without its partner.
    csj_status_invalid_string,
    csj_status_syntax,
    // A member name stands twice in one object; csj_duplicate_name tells it.
    csj_status_duplicate_name,
    // An object has more members than the parser's limit.
    csj_status_too_many_members,
    // More values than the parser's limit. Nothing was parsed.
    csj_status_too_many_values,
    // More numbers of more than 19 digits and point together than the parser's limit, or more characters in them. Nothing was parsed.
    csj_status_too_many_long_numbers,
    // More escapes in strings than the parser's limit. Nothing was parsed.
    csj_status_too_many_escapes,
    csj_status_out_of_memory,
    csj_status_internal,
} csj_status;

typedef enum CSJ_CLOSED csj_kind {
    csj_kind_null = 0,
    csj_kind_bool,
    // An integer in the range of int64_t, written without fraction or exponent.
    csj_kind_int64,
    // An integer above the range of int64_t.
    csj_kind_uint64,
    csj_kind_double,
    csj_kind_string,
    csj_kind_array,
    csj_kind_object,
} csj_kind;

// UTF-8, not terminated; may hold NUL bytes.
typedef struct csj_text {
    const uint8_t *bytes;
    size_t length;
} csj_text;

typedef struct csj_value {
    csj_kind kind;
    // Valid where kind says so, else zero. csj_kind_int64 and csj_kind_uint64 fill both `integer` (as bits) and `number` (rounded).
    bool boolean;
    int64_t integer;
    double number;
    csj_text string;
    // For containers: where the value stands in the document. Opaque.
    uint64_t place[2];
} csj_value;

// A position among the members of an object or the elements of an array. Opaque.
typedef struct csj_cursor {
    uint64_t at[2];
    uint64_t end[2];
    csj_kind kind;
} csj_cursor;

// What a document may have.
typedef struct csj_limits {
    // Bytes.
    size_t length;
    // Containers inside one another: a scalar root has depth 0, `[]` depth 1.
    size_t depth;
    // Of one object.
    size_t members;
    // Commas and opening brackets outside strings.
    size_t values;
    // Numbers of more than 19 digits and point together.
    size_t long_numbers;
    // Characters of all those numbers.
    size_t long_number_digits;
    // In strings.
    size_t escapes;
} csj_limits;

// NULL when memory is short. A document beyond a limit is refused. Grows with the largest input so far to about 15 bytes a byte of input, never beyond the
// limit's.
csj_parser *csj_parser_create(csj_limits limits);
void csj_parser_destroy(csj_parser *parser);

// Copies the input, parses and checks all of it. On csj_status_ok `root` is the root value.
csj_status csj_parse(csj_parser *parser, const uint8_t *bytes, size_t length, csj_value *root);

// The name that csj_parse found twice, after csj_status_duplicate_name. After this status and after
// csj_status_too_many_members `root` is valid, so that an answer can name the request.
csj_text csj_duplicate_name(const csj_parser *parser);

// A cursor before the first member or element; an exhausted one where `container` is neither object nor array.
csj_cursor csj_begin(const csj_value *container);
// False at the end. `name` is empty for array elements.
bool csj_next(csj_cursor *cursor, csj_text *name, csj_value *value);

// The text, as it was sent, of the value of the root object's member number `ordinal` (from 0). Empty where there is none.
// O(bytes before the end of that member).
csj_text csj_root_member_source(const csj_parser *parser, size_t ordinal);

#ifdef __cplusplus
}
#endif
