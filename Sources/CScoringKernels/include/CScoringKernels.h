#ifndef FORETASTE_SCORING_KERNELS_H
#define FORETASTE_SCORING_KERNELS_H

// The inner loops of a request, in C so that each is compiled for AVX-512, AVX2 and the baseline, and chosen at run time.
// Results are the same on all of them: nothing is contracted to fused operations, and sums run over 16 lanes in one order.
//
// Items are numbers from 0 to item_count - 1. Arrays over items are padded with zeros to a multiple of FT_GROUP_ITEMS and hold at
// least 2^column_bits items, so that no posting of a damaged file can write outside of them.
// Nothing here allocates, and nothing keeps a pointer.

#include <stddef.h>
#include <stdint.h>

/// Items that are looked at together: a cache line of scores.
#define FT_GROUP_ITEMS 16
/// Items that share an upper bound of their scores.
#define FT_BOUND_ITEMS 128
/// Neighbours that are looked at before anything is known of the answer.
#define FT_BOUND_GROUPS (FT_BOUND_ITEMS / FT_GROUP_ITEMS)

/// What an item's flags say. All bits from FT_FIRST_REFUSAL on are reasons why the item must not appear.
enum {
    FT_HAS_CONTENT = 1,
    FT_HAS_COLLABORATIVE = 2,
    /// The answer is based on the item.
    FT_IN_HISTORY = 4,
    FT_FIRST_REFUSAL = 8,
};

/// The scores that the rows of a history add up to, by component; zero where nothing was added.
typedef struct {
    float *content;
    float *collaborative;
    /// A byte for each group of 16 items: not 0 where a score of the group may be other than 0.
    uint8_t *touched;
    /// Of each item: FT_HAS_CONTENT ...
    const uint8_t *flags;
    /// Of each item, or NULL where the fallback does not join in.
    const float *fallback;
    /// A bit an item, a group of 16 a number, the lowest bit first: 1 where the request allows it; NULL where it allows all.
    const uint16_t *allowed;
    /// What each item's score is multiplied with, and the largest such number; NULL where nothing is.
    const float *boosts;
    float most_boost;
    /// The largest scores of 128 allowed items: content, collaborative, fallback.
    float *bounds;
    size_t item_count;
    /// Not 0 where the component says anything of the history.
    int content_speaks;
    int collaborative_speaks;
} ft_scores;

/// Over the allowed items with a score of either component other than 0.
typedef struct {
    double content_squares;
    double collaborative_squares;
    double fallback_squares;
    /// Candidates that the component knows.
    uint64_t content_count;
    uint64_t collaborative_count;
    uint64_t count;
} ft_statistics;

/// What a score of each component counts: where the other one knows the item too, and where it does not.
typedef struct {
    float content;
    float content_alone;
    float collaborative;
    float collaborative_alone;
    /// Of the fallback's score, where the personal ones come to more than 0.
    float fallback;
} ft_units;

typedef struct {
    float score;
    uint32_t item;
    /// Of equal scores the lower rank is better.
    uint64_t rank;
} ft_ranked;

/// The order of items with equal scores. The rank of one of the first `known_count` items is known[item] << 32 | 0xffffffff, that of
/// a later one is late[item - known_count].
typedef struct {
    const uint32_t *known;
    const uint64_t *late;
    size_t known_count;
} ft_ranks;

/// Brings the memory at `address` near, without waiting for it.
static inline void ft_fetch(const void *address) { __builtin_prefetch(address); }

/// scores[column] += unit * value for each posting: `value << column_bits | column`, the value signed. Meanwhile `ahead_count`
/// postings at `ahead`, which come next, are fetched: rows lie anywhere in a file, and waiting for them took most of the time.
void ft_add_postings(
    const uint32_t *postings, size_t count, unsigned column_bits, float unit, float *scores, uint8_t *touched,
    const uint32_t *ahead, size_t ahead_count);

/// Measures the candidates and fills in their bounds.
void ft_measure(const ft_scores *scores, ft_statistics *statistics);

/// The best `capacity` allowed items with a score above 0 and not below `threshold`, best first. `bounds` must be those of
/// `ft_measure` for the same scores and flags; `allowed` and `boosts` act here alone. Returns how many there are.
size_t ft_select(
    const ft_scores *scores, const ft_units *units, float threshold, const ft_ranks *ranks, ft_ranked *best,
    size_t capacity);

/// Makes every score 0 again.
void ft_clear(const ft_scores *scores);

/// What makes two scores of items comparable: sums over all items with a score of the lists, refused ones too, and over those
/// and every known item whose factors' score is at least `least`.
typedef struct {
    double list_squares;
    double factor_squares;
    uint64_t list_count;
    uint64_t factor_count;
} ft_pair_statistics;

/// The `rank`-th largest of the values of items whose flags hold all of `required` and none of `refused`, and whose bit in `allowed`
/// is 1 unless that is NULL; -infinity where there are fewer. NaN counts as the least. `scratch` has room for `count` numbers; `rank` is at least 1.
float ft_nth_largest(
    const float *values, const uint8_t *flags, uint8_t required, uint8_t refused, const uint16_t *allowed, size_t count,
    size_t rank, uint32_t *scratch);

/// Measures collaborative scores by lists beside those by `factors`, one for each item.
void ft_measure_pair(const ft_scores *scores, const float *factors, float least, ft_pair_statistics *statistics);

/// collaborative = list_unit * collaborative + factor_unit * factors for every item with a score of either component, and for
/// every known and allowed item whose factors' score is at least `least`. An item that is not known has none by factors.
void ft_combine_pair(
    const ft_scores *scores, const float *factors, float least, float list_unit, float factor_unit);

/// After `ft_combine_pair`: the same for every known and allowed item of `scores->allowed` that has no score of either component yet
/// and whose factors' score is at least `least`.
void ft_extend_pair(const ft_scores *scores, const float *factors, float least, float factor_unit);

/// Solves (gram + penalty I + sum over k of weights[k] rows[k] rows[k]') x = right by conjugate gradients with the diagonal as
/// preconditioner (Hestenes and Stiefel 1952), from x = 0 until the residual is a ten-millionth of the right
/// side's.
///
/// - gram: `[dimension x stride]`; rows: `[count x stride]`; stride: `dimension` rounded up to 16, the rest zeros.
/// - weights: `[count]`, not negative. x and right: `[stride]`. scratch: `[4 x stride + count]`.
/// Returns 0 where the system turns out not to be positive definite, which damaged numbers alone can cause.
int ft_solve_ridge(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    const float *right, float *x, float *scratch);

/// The same system, for many right sides: factor becomes U with U'U = gram + penalty I + sum over k of weights[k] rows[k] rows[k]', by
/// rows `[dimension x stride]`; what stands left of the diagonal means nothing (Cholesky). Costs as much as some four solutions by
/// conjugate gradients; each solution is then a fiftieth of one.
/// Returns 0 where the system is not positive definite.
int ft_factorise_ridge(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    float *factor);

/// x `[stride]`: the right side, whose place the solution takes.
void ft_solve_factored(const float *factor, size_t dimension, float *x);

/// output[row] = rows[row] . x for `count` rows of `stride` numbers, a multiple of 16.
void ft_row_products(const float *rows, size_t count, size_t stride, const float *x, float *output);

/// output[row] = scales[row] * unit * (rows[row] . vector) for `count` rows of `dimension` values, exact but for the last
/// multiplications. The caller keeps |vector| so small that no sum leaves 32 bits.
void ft_multiply_rows(
    const int8_t *rows, const float *scales, size_t count, size_t dimension, const int16_t *vector, float unit,
    float *output);

#endif
