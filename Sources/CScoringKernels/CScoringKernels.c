#include "CScoringKernels.h"

#include <float.h>
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef float lanes_f __attribute__((vector_size(64)));
typedef int32_t lanes_i __attribute__((vector_size(64)));
typedef uint8_t lanes_b __attribute__((vector_size(16)));

// Vectors as arguments would depend on the instruction set, so every helper that has one is a macro or takes addresses.
#define load_f(address) (*(const lanes_f_near *)(const void *)(address))
#define store_f(address, value) (*(lanes_f_near *)(void *)(address) = (value))
#define load_flags(address) __builtin_convertvector(*(const lanes_b_near *)(const void *)(address), lanes_i)
#define splat_f(value) ((lanes_f){0} + (float)(value))
#define splat_i(value) ((lanes_i){0} + (int32_t)(value))
#define keep_f(mask, value) ((lanes_f)((lanes_i)(value) & (mask)))
#define choose_f(mask, yes, no) ((lanes_f)(((lanes_i)(yes) & (mask)) | ((lanes_i)(no) & ~(mask))))
#define larger_f(left, right) choose_f((left) > (right), left, right)

/// Of 16 bits, -1 in each lane whose bit is 1.
#define spread_bits(bits) ((splat_i(bits) & (lanes_i){1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768}) != 0)

typedef lanes_f lanes_f_near __attribute__((aligned(4), may_alias));
typedef lanes_b lanes_b_near __attribute__((aligned(1), may_alias));

/// Sums of so many numbers of one lane in single precision are exact to 1e-6 of what they sum.
#define GROUPS_PER_FLUSH 128

static inline float larger(float left, float right) { return left > right ? left : right; }

static inline double total_f(const lanes_f *values) {
    float lanes[FT_GROUP_ITEMS];
    memcpy(lanes, values, sizeof lanes);
    double total = 0;
    for (size_t lane = 0; lane < FT_GROUP_ITEMS; lane++) total += lanes[lane];
    return total;
}

/// The largest lane, by halves.
static inline float most_f(const lanes_f *values) {
    lanes_f most = *values;
    most = larger_f(most, __builtin_shufflevector(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    most = larger_f(most, __builtin_shufflevector(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    most = larger_f(most, __builtin_shufflevector(most, most, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return larger(most[0], most[1]);
}

static inline uint64_t rank_of(const ft_ranks *ranks, size_t item) {
    return item < ranks->known_count ? (uint64_t)ranks->known[item] << 32 | 0xffffffffu
                                     : ranks->late[item - ranks->known_count];
}

// A binary heap with the worst at its root.

static inline int is_worse(const ft_ranked *left, const ft_ranked *right) {
    return left->score < right->score || (left->score == right->score && left->rank > right->rank);
}

static void sift_up(ft_ranked *heap, size_t child, ft_ranked value) {
    while (child > 0) {
        const size_t parent = (child - 1) / 2;
        if (!is_worse(&value, &heap[parent])) break;
        heap[child] = heap[parent];
        child = parent;
    }
    heap[child] = value;
}

static void sift_down(ft_ranked *heap, size_t parent, size_t count, ft_ranked value) {
    for (;;) {
        size_t child = 2 * parent + 1;
        if (child >= count) break;
        if (child + 1 < count && is_worse(&heap[child + 1], &heap[child])) child++;
        if (!is_worse(&heap[child], &value)) break;
        heap[parent] = heap[child];
        parent = child;
    }
    heap[parent] = value;
}

/// Turns the heap into a list, best first.
static void sort_ranked(ft_ranked *heap, size_t count) {
    for (size_t end = count; end > 1; end--) {
        const ft_ranked worst = heap[0], last = heap[end - 1];
        sift_down(heap, 0, end - 1, last);
        heap[end - 1] = worst;
    }
}

/// A number that is larger where the value is; NaN is the least.
static inline uint32_t sortable(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return 0;
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static inline float unsortable(uint32_t key) {
    const uint32_t bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// Keeps those of the keys that share the next 8 bits with the `rank`-th largest; `rank` becomes that among them.
static size_t narrow(uint32_t *keys, size_t count, unsigned shift, size_t *rank) {
    size_t counts[256] = {0};
    for (size_t place = 0; place < count; place++) counts[keys[place] >> shift & 255]++;
    unsigned digit = 255;
    while (*rank > counts[digit]) *rank -= counts[digit--];
    size_t kept = 0;
    for (size_t place = 0; place < count; place++)
        if ((keys[place] >> shift & 255) == digit) keys[kept++] = keys[place];
    return kept;
}

float ft_nth_largest(
    const float *values, const uint8_t *flags, uint8_t required, uint8_t refused, const uint16_t *allowed, size_t count,
    size_t rank, uint32_t *scratch) {
    size_t kept = 0;
    for (size_t item = 0; item < count; item++) {
        if (allowed && !(allowed[item / FT_GROUP_ITEMS] >> item % FT_GROUP_ITEMS & 1)) continue;
        scratch[kept] = sortable(values[item]);
        kept += (flags[item] & (required | refused)) == required;
    }
    if (kept < rank) return -INFINITY;
    for (int shift = 24; shift >= 0; shift -= 8) kept = narrow(scratch, kept, (unsigned)shift, &rank);
    return unsortable(scratch[0]);
}

#define VARIANT(name) name##_baseline
#include "Kernels.inc.h"
#undef VARIANT

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,bmi2"))), apply_to = function)
#define VARIANT(name) name##_avx2
#include "Kernels.inc.h"
#undef VARIANT
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,bmi2,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define VARIANT(name) name##_avx512
#include "Kernels.inc.h"
#undef VARIANT
#pragma clang attribute pop

#define CALL(name, ...) \
    (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") \
         ? name##_avx512(__VA_ARGS__) \
     : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? name##_avx2(__VA_ARGS__) \
                                      : name##_baseline(__VA_ARGS__))

#else
#define CALL(name, ...) name##_baseline(__VA_ARGS__)
#endif

void ft_add_postings(
    const uint32_t *postings, size_t count, unsigned column_bits, float unit, float *scores, uint8_t *touched,
       const uint32_t *ahead, size_t ahead_count) {
    CALL(add_postings, postings, count, column_bits, unit, scores, touched, ahead, ahead_count);
}

/// Whether sums of squares in single precision have kept what they summed: scores so small that their squares vanish, or so
/// large that these are infinite, come from the strangest weights only.
static int is_sound(double squares) { return squares > 1e-20 && squares < 1e30; }

/// The sums of squares once more, in double precision.
static void measure_exactly(const ft_scores *scores, ft_statistics *statistics) {
    statistics->content_squares = statistics->collaborative_squares = 0;
    for (size_t item = 0; item < scores->item_count; item++) {
        if (scores->flags[item] >= FT_FIRST_REFUSAL) continue;
        const double content = scores->content[item], collaborative = scores->collaborative[item];
        statistics->content_squares += content * content;
        statistics->collaborative_squares += collaborative * collaborative;
    }
}

void ft_measure(const ft_scores *scores, ft_statistics *statistics) {
    CALL(measure, scores, statistics);
    if ((scores->content_speaks && !is_sound(statistics->content_squares))
        || (scores->collaborative_speaks && !is_sound(statistics->collaborative_squares)))
        measure_exactly(scores, statistics);
}

size_t ft_select(
    const ft_scores *scores, const ft_units *units, float threshold, const ft_ranks *ranks, ft_ranked *best,
    size_t capacity) {
    return CALL(select, scores, units, threshold, ranks, best, capacity);
}

void ft_clear(const ft_scores *scores) { CALL(clear, scores); }

void ft_measure_pair(const ft_scores *scores, const float *factors, float least, ft_pair_statistics *statistics) {
    CALL(measure_pair, scores, factors, least, statistics);
}

void ft_combine_pair(
    const ft_scores *scores, const float *factors, float least, float list_unit, float factor_unit) {
    CALL(combine_pair, scores, factors, least, list_unit, factor_unit);
}

void ft_extend_pair(const ft_scores *scores, const float *factors, float least, float factor_unit) {
    CALL(extend_pair, scores, factors, least, factor_unit);
}

void ft_multiply_rows(
    const int8_t *rows, const float *scales, size_t count, size_t dimension, const int16_t *vector, float unit,
    float *output) {
    CALL(multiply_rows, rows, scales, count, dimension, vector, unit, output);
}

int ft_factorise_ridge(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    float *factor) {
    return CALL(factorise_ridge, gram, dimension, rows, weights, count, penalty, factor);
}

void ft_solve_factored(const float *factor, size_t dimension, float *x) { CALL(solve_factored, factor, dimension, x); }

void ft_row_products(const float *rows, size_t count, size_t stride, const float *x, float *output) {
    CALL(row_products, rows, count, stride, x, output);
}

int ft_solve_ridge(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    const float *right, float *x, float *scratch) {
    return CALL(solve_ridge, gram, dimension, rows, weights, count, penalty, right, x, scratch);
}
