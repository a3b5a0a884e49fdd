#include "Census.h"
#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dom = simdjson::dom;

struct csj_parser {
    explicit csj_parser(const csj_limits &limits)
        : parser(limits.length), max_length(limits.length), max_depth(limits.depth), max_members(limits.members),
          most(limits) {}

    dom::parser parser;
    size_t max_length;
    size_t max_depth;
    size_t max_members;
    csj_limits most;
    std::unique_ptr<uint8_t[]> input;
    size_t input_capacity = 0;
    size_t input_length = 0;
    std::string_view duplicate;
    // Names of one wide object, while they are compared. Kept for its capacity.
    std::vector<std::string_view> names;
};

namespace {

// What most requests fit in: the parser starts with room for it (about 1 MiB in all).
constexpr size_t initial_capacity = 64 * 1024;
// Up to this many members, names are compared in pairs (at most 120 pairs); above it they are sorted.
constexpr size_t pairwise_limit = 16;

// simdjson's handles are two words without ownership; they cross the door as bytes.
template <typename Handle> void store(uint64_t (&words)[2], const Handle &handle) {
    static_assert(std::is_trivially_copyable<Handle>::value && sizeof(Handle) <= sizeof(words), "handle grew");
    std::memcpy(words, &handle, sizeof(handle));
}

template <typename Handle> Handle load(const uint64_t (&words)[2]) {
    static_assert(std::is_trivially_copyable<Handle>::value && sizeof(Handle) <= sizeof(words), "handle grew");
    Handle handle;
    std::memcpy(static_cast<void *>(&handle), words, sizeof(handle));
    return handle;
}

csj_text text(std::string_view view) { return {reinterpret_cast<const uint8_t *>(view.data()), view.size()}; }

// The caller has looked at the type, so the error cannot happen; if it did, the value would be an empty one.
template <typename Value> Value get_unchecked(const dom::element &element) {
    Value value{};
    if (element.get(value)) { return Value{}; }
    return value;
}

void fill(csj_value &out, const dom::element &element) {
    out = csj_value{};
    switch (element.type()) {
    case dom::element_type::NULL_VALUE: out.kind = csj_kind_null; break;
    case dom::element_type::BOOL:
        out.kind = csj_kind_bool;
        out.boolean = get_unchecked<bool>(element);
        break;
    case dom::element_type::INT64:
        out.kind = csj_kind_int64;
        out.integer = get_unchecked<int64_t>(element);
        out.number = static_cast<double>(out.integer);
        break;
    case dom::element_type::UINT64: {
        const auto value = get_unchecked<uint64_t>(element);
        out.kind = csj_kind_uint64;
        out.integer = static_cast<int64_t>(value);
        out.number = static_cast<double>(value);
        break;
    }
    case dom::element_type::DOUBLE:
        out.kind = csj_kind_double;
        out.number = get_unchecked<double>(element);
        break;
    case dom::element_type::STRING:
        out.kind = csj_kind_string;
        out.string = text(get_unchecked<std::string_view>(element));
        break;
    case dom::element_type::ARRAY:
        out.kind = csj_kind_array;
        store(out.place, element);
        break;
    case dom::element_type::OBJECT:
        out.kind = csj_kind_object;
        store(out.place, element);
        break;
    // Later versions may have more types (integers beyond 64 bits); the parser's default options never make them.
    default: out.kind = csj_kind_null; break;
    }
}

// Later versions tell integers beyond 64 bits from other bad numbers. Their version is no macro, so the name is looked for.
template <typename Error> constexpr auto is_big_integer(Error error, int) -> decltype(Error::BIGINT_ERROR, bool()) {
    return error == Error::BIGINT_ERROR;
}
template <typename Error> constexpr bool is_big_integer(Error, long) { return false; }

csj_status status(simdjson::error_code error) {
    if (is_big_integer(error, 0)) { return csj_status_invalid_number; }
    switch (error) {
    case simdjson::SUCCESS: return csj_status_ok;
    case simdjson::EMPTY: return csj_status_empty;
    case simdjson::CAPACITY: return csj_status_too_large;
    case simdjson::MEMALLOC: return csj_status_out_of_memory;
    case simdjson::DEPTH_ERROR: return csj_status_too_deep;
    case simdjson::UTF8_ERROR: return csj_status_invalid_utf8;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return csj_status_invalid_number;
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS: return csj_status_invalid_string;
    case simdjson::UNINITIALIZED:
    case simdjson::UNSUPPORTED_ARCHITECTURE:
    case simdjson::UNEXPECTED_ERROR:
    case simdjson::PARSER_IN_USE: return csj_status_internal;
    default: return csj_status_syntax;
    }
}

// What simdjson leaves to its user: exact depth, members per object, repeated names.
class Inspection {
  public:
    explicit Inspection(csj_parser &owner) : owner(owner) {}

    csj_status value(const dom::element &element, size_t depth) {
        switch (element.type()) {
        case dom::element_type::OBJECT: return object(get_unchecked<dom::object>(element), depth + 1);
        case dom::element_type::ARRAY: return array(get_unchecked<dom::array>(element), depth + 1);
        default: return csj_status_ok;
        }
    }

  private:
    csj_status array(const dom::array &array, size_t depth) {
        if (depth > owner.max_depth) { return csj_status_too_deep; }
        for (const dom::element element : array) {
            const csj_status found = value(element, depth);
            if (found != csj_status_ok) { return found; }
        }
        return csj_status_ok;
    }

    csj_status object(const dom::object &object, size_t depth) {
        if (depth > owner.max_depth) { return csj_status_too_deep; }
        std::string_view few[pairwise_limit];
        size_t count = 0;
        if (object.size() > owner.max_members) { return csj_status_too_many_members; }
        for (const dom::key_value_pair member : object) {
            const csj_status found = value(member.value, depth);
            if (found != csj_status_ok) { return found; }
            if (count < pairwise_limit) {
                for (size_t earlier = 0; earlier < count; ++earlier) {
                    if (few[earlier] == member.key) { return duplicate(member.key); }
                }
                few[count] = member.key;
            }
            ++count;
        }
        return count <= pairwise_limit ? csj_status_ok : wide(object);
    }

    // O(n log n) comparisons whatever the names are (no hash, so no names that collide on purpose), n bounded by max_members.
    csj_status wide(const dom::object &object) {
        auto &names = owner.names;
        names.clear();
        for (const dom::key_value_pair member : object) { names.push_back(member.key); }
        std::sort(names.begin(), names.end(), [](std::string_view left, std::string_view right) {
            if (left.size() != right.size()) { return left.size() < right.size(); }
            return std::memcmp(left.data(), right.data(), left.size()) < 0;
        });
        const auto twin = std::adjacent_find(names.begin(), names.end());
        return twin == names.end() ? csj_status_ok : duplicate(*twin);
    }

    csj_status duplicate(std::string_view name) {
        owner.duplicate = name;
        return csj_status_duplicate_name;
    }

    csj_parser &owner;
};

// Later versions skip a byte order mark; RFC 8259, section 8.1 lets a parser refuse it, and the protocol does.
bool has_byte_order_mark(const uint8_t *bytes, size_t length) {
    return length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
}

// False when memory is short.
bool copy_input(csj_parser &parser, const uint8_t *bytes, size_t length) {
    if (parser.input_capacity < length || !parser.input) {
        size_t capacity = std::max(initial_capacity, parser.input_capacity);
        while (capacity < length) { capacity *= 2; }
        parser.input.reset(new (std::nothrow) uint8_t[capacity + simdjson::SIMDJSON_PADDING]);
        parser.input_capacity = parser.input ? capacity : 0;
        if (!parser.input) { return false; }
    }
    std::memcpy(parser.input.get(), bytes, length);
    std::memset(parser.input.get() + length, 0, simdjson::SIMDJSON_PADDING);
    parser.input_length = length;
    return true;
}

csj_status parse(csj_parser &parser, const uint8_t *bytes, size_t length, csj_value &root) {
    parser.input_length = 0;
    parser.duplicate = {};
    if (length == 0) { return csj_status_empty; }
    if (length > parser.max_length) { return csj_status_too_large; }
    if (has_byte_order_mark(bytes, length)) { return csj_status_syntax; }
    const csj_status census = Census(parser.most).take(bytes, bytes + length);
    if (census != csj_status_ok) { return census; }
    if (!copy_input(parser, bytes, length)) { return csj_status_out_of_memory; }
    dom::element element;
    const auto error = parser.parser.parse(parser.input.get(), length, false).get(element);
    if (error) { return status(error); }
    const csj_status found = Inspection(parser).value(element, 0);
    if (found == csj_status_ok || found == csj_status_duplicate_name || found == csj_status_too_many_members) { fill(root, element); }
    return found;
}

template <typename Container> csj_cursor begin(const csj_value &container) {
    csj_cursor cursor{};
    cursor.kind = container.kind;
    const auto values = get_unchecked<Container>(load<dom::element>(container.place));
    store(cursor.at, values.begin());
    store(cursor.end, values.end());
    return cursor;
}

// Walks text that simdjson has accepted: brackets match and strings end.
class SourceScanner {
  public:
    SourceScanner(const uint8_t *at, const uint8_t *end) : at(at), end(end) {}

    csj_text member(size_t ordinal) {
        skip_space();
        if (at == end || *at != '{') { return {}; }
        ++at;
        for (;; --ordinal) {
            skip_space();
            if (at == end || *at != '"') { return {}; }
            skip_string();
            skip_space();
            if (at == end || *at != ':') { return {}; }
            ++at;
            skip_space();
            const uint8_t *start = at;
            skip_value();
            if (ordinal == 0) { return {start, static_cast<size_t>(at - start)}; }
            skip_space();
            if (at == end || *at != ',') { return {}; }
            ++at;
        }
    }

  private:
    static bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

    void skip_space() {
        while (at < end && is_space(*at)) { ++at; }
    }

    void skip_string() {
        size_t escapes = 0;
        at = after_string(at, end, escapes);
    }

    void skip_scalar() {
        while (at < end && *at != ',' && *at != '}' && *at != ']' && !is_space(*at)) { ++at; }
    }

    void skip_value() {
        size_t depth = 0;
        do {
            skip_space();
            if (at == end) { return; }
            switch (*at) {
            case '"': skip_string(); break;
            case '{':
            case '[':
                ++depth;
                ++at;
                break;
            case '}':
            case ']':
                --depth;
                ++at;
                break;
            case ',':
            case ':': ++at; break;
            default: skip_scalar(); break;
            }
        } while (depth > 0);
    }

    const uint8_t *at;
    const uint8_t *end;
};

}  // namespace

extern "C" {

csj_parser *csj_parser_create(csj_limits limits) {
    try {
        auto parser = std::make_unique<csj_parser>(limits);
        // Versions differ by one in what they count as depth, so simdjson gets some room and Inspection decides.
        if (parser->parser.allocate(std::min(initial_capacity, limits.length), limits.depth + 4)) { return nullptr; }
        return parser.release();
    } catch (...) {
        return nullptr;
    }
}

void csj_parser_destroy(csj_parser *parser) { delete parser; }

csj_status csj_parse(csj_parser *parser, const uint8_t *bytes, size_t length, csj_value *root) {
    *root = csj_value{};
    try {
        return parse(*parser, bytes, length, *root);
    } catch (const std::bad_alloc &) {
        return csj_status_out_of_memory;
    } catch (...) {
        return csj_status_internal;
    }
}

csj_text csj_duplicate_name(const csj_parser *parser) { return text(parser->duplicate); }

csj_cursor csj_begin(const csj_value *container) {
    try {
        switch (container->kind) {
        case csj_kind_object: return begin<dom::object>(*container);
        case csj_kind_array: return begin<dom::array>(*container);
        default: return csj_cursor{};
        }
    } catch (...) {
        return csj_cursor{};
    }
}

bool csj_next(csj_cursor *cursor, csj_text *name, csj_value *value) {
    try {
        if (cursor->kind == csj_kind_object) {
            auto at = load<dom::object::iterator>(cursor->at);
            if (!(at != load<dom::object::iterator>(cursor->end))) { return false; }
            *name = text(at.key());
            fill(*value, at.value());
            store(cursor->at, ++at);
            return true;
        }
        if (cursor->kind == csj_kind_array) {
            auto at = load<dom::array::iterator>(cursor->at);
            if (!(at != load<dom::array::iterator>(cursor->end))) { return false; }
            *name = csj_text{};
            fill(*value, *at);
            store(cursor->at, ++at);
            return true;
        }
        return false;
    } catch (...) {
        return false;
    }
}

csj_text csj_root_member_source(const csj_parser *parser, size_t ordinal) {
    return SourceScanner(parser->input.get(), parser->input.get() + parser->input_length).member(ordinal);
}

}  // extern "C"
