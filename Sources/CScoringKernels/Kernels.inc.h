// The loops of CScoringKernels.c, included once for each instruction set with VARIANT(name) set.

static void VARIANT(add_postings)(
    const uint32_t *restrict postings, size_t count, unsigned column_bits, float unit, float *restrict scores,
    uint8_t *restrict touched, const uint32_t *ahead, size_t ahead_count) {
    const uint32_t mask = (uint32_t)((1ull << column_bits) - 1);
    const size_t line = 16;
    for (size_t first = 0; first < count; first += line) {
        if (first < ahead_count) __builtin_prefetch(ahead + first);
        const size_t end = first + line < count ? first + line : count;
        for (size_t place = first; place < end; place++) {
            const uint32_t posting = postings[place];
            const uint32_t column = posting & mask;
            scores[column] += unit * (float)((int32_t)posting >> column_bits);
            touched[column / FT_GROUP_ITEMS] = 1;
        }
    }
}

/// Sums over 16 lanes, of as many groups as their rounding allows.
typedef struct {
    lanes_f content_squares, collaborative_squares, fallback_squares;
    lanes_i content_count, collaborative_count, count;
} VARIANT(lane_sums);

static void VARIANT(flush)(VARIANT(lane_sums) *lanes, ft_statistics *sum) {
    sum->content_squares += total_f(&lanes->content_squares);
    sum->collaborative_squares += total_f(&lanes->collaborative_squares);
    sum->fallback_squares += total_f(&lanes->fallback_squares);
    sum->content_count += (uint64_t)__builtin_reduce_add(lanes->content_count);
    sum->collaborative_count += (uint64_t)__builtin_reduce_add(lanes->collaborative_count);
    sum->count += (uint64_t)__builtin_reduce_add(lanes->count);
    memset(lanes, 0, sizeof *lanes);
}

static void VARIANT(measure)(const ft_scores *scores, ft_statistics *statistics) {
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    // What a component that says nothing of the history knows does not count.
    const lanes_i content_bit = splat_i(scores->content_speaks ? FT_HAS_CONTENT : 0);
    const lanes_i collaborative_bit = splat_i(scores->collaborative_speaks ? FT_HAS_COLLABORATIVE : 0);
    const lanes_i refusals = splat_i(256 - FT_FIRST_REFUSAL);
    // Copies, since a store through any vector might change what `scores` holds.
    const float *const contents = scores->content, *const collaboratives = scores->collaborative;
    const float *const fallbacks = scores->fallback;
    const uint8_t *const all_flags = scores->flags, *const touched = scores->touched;
    float *bounds = scores->bounds;
    ft_statistics sum = {0};
    VARIANT(lane_sums) kept = {0};
    size_t unflushed = 0;
    for (size_t first = 0; first < group_count; first += FT_BOUND_GROUPS, bounds += 3) {
        // A copy whose address nobody takes stays in registers.
        VARIANT(lane_sums) lanes = kept;
        const size_t end = first + FT_BOUND_GROUPS < group_count ? first + FT_BOUND_GROUPS : group_count;
        lanes_f content_most = {0}, collaborative_most = {0}, fallback_most = {0};
        size_t met = 0;
        for (size_t group = first; group < end; group++) {
            if (!touched[group]) continue;
            met++;
            const size_t item = group * FT_GROUP_ITEMS;
            const lanes_f content = load_f(contents + item);
            const lanes_f collaborative = load_f(collaboratives + item);
            const lanes_i flags = load_flags(all_flags + item);
            const lanes_i has_content = content != 0, has_collaborative = collaborative != 0;
            const lanes_i candidates = ((flags & refusals) == 0) & (has_content | has_collaborative);
            const lanes_f own_content = keep_f(candidates, content);
            const lanes_f own_collaborative = keep_f(candidates, collaborative);
            lanes.content_squares += own_content * own_content;
            lanes.collaborative_squares += own_collaborative * own_collaborative;
            content_most = larger_f(content_most, own_content);
            collaborative_most = larger_f(collaborative_most, own_collaborative);
            lanes.content_count -= candidates & (has_content | ((flags & content_bit) != 0));
            lanes.collaborative_count -= candidates & (has_collaborative | ((flags & collaborative_bit) != 0));
            lanes.count -= candidates;
            if (fallbacks) {
                const lanes_f fallback = keep_f(candidates, load_f(fallbacks + item));
                lanes.fallback_squares += fallback * fallback;
                fallback_most = larger_f(fallback_most, fallback);
            }
        }
        kept = lanes;
        bounds[0] = bounds[1] = bounds[2] = 0;
        if (met == 0) continue;
        bounds[0] = most_f(&content_most);
        bounds[1] = most_f(&collaborative_most);
        if (fallbacks) bounds[2] = most_f(&fallback_most);
        unflushed += met;
        if (unflushed < GROUPS_PER_FLUSH) continue;
        VARIANT(flush)(&kept, &sum);
        unflushed = 0;
    }
    VARIANT(flush)(&kept, &sum);
    *statistics = sum;
}

static size_t VARIANT(select)(
    const ft_scores *scores, const ft_units *units, float threshold, const ft_ranks *ranks, ft_ranked *best,
    size_t capacity) {
    if (capacity == 0) return 0;
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    const float content_most = larger(units->content, units->content_alone);
    const float collaborative_most = larger(units->collaborative, units->collaborative_alone);
    const lanes_i content_bit = splat_i(scores->content_speaks ? FT_HAS_CONTENT : 0);
    const lanes_i collaborative_bit = splat_i(scores->collaborative_speaks ? FT_HAS_COLLABORATIVE : 0);
    const lanes_i refusals = splat_i(256 - FT_FIRST_REFUSAL);
    const lanes_f content_unit = splat_f(units->content), content_alone = splat_f(units->content_alone);
    const lanes_f collaborative_unit = splat_f(units->collaborative);
    const lanes_f collaborative_alone = splat_f(units->collaborative_alone);
    const lanes_f fallback_unit = splat_f(units->fallback);
    const float most_boost = scores->boosts ? scores->most_boost : 1;
    const float *const contents = scores->content, *const collaboratives = scores->collaborative;
    const float *const fallbacks = scores->fallback, *const boosts = scores->boosts;
    const uint8_t *const all_flags = scores->flags, *const touched = scores->touched;
    const uint16_t *const allowances = scores->allowed;
    // The smallest float above 0 is the least that recommends.
    float least = larger(threshold, FLT_TRUE_MIN);
    size_t count = 0;
    for (size_t first = 0; first < group_count; first += FT_BOUND_GROUPS) {
        const float *bounds = scores->bounds + first / FT_BOUND_GROUPS * 3;
        // Sums are rounded: a bound that is a little too low must not lose an item.
        const float bound =
            (content_most * bounds[0] + collaborative_most * bounds[1] + units->fallback * bounds[2]) * (1.00001f * most_boost);
        if (!(bound >= least)) continue;
        const size_t end = first + FT_BOUND_GROUPS < group_count ? first + FT_BOUND_GROUPS : group_count;
        for (size_t group = first; group < end; group++) {
            if (!touched[group] || (allowances && !allowances[group])) continue;
            const size_t item = group * FT_GROUP_ITEMS;
            const lanes_f content = load_f(contents + item);
            const lanes_f collaborative = load_f(collaboratives + item);
            const lanes_i flags = load_flags(all_flags + item);
            const lanes_i has_content = content != 0, has_collaborative = collaborative != 0;
            lanes_i allowed = (flags & refusals) == 0;
            if (allowances) allowed &= spread_bits(allowances[group]);
            const lanes_i knows_content = has_content | ((flags & content_bit) != 0);
            const lanes_i knows_collaborative = has_collaborative | ((flags & collaborative_bit) != 0);
            lanes_f sums = choose_f(knows_collaborative, content_unit, content_alone) * content
                + choose_f(knows_content, collaborative_unit, collaborative_alone) * collaborative;
            if (fallbacks) sums += keep_f(sums > 0, fallback_unit * load_f(fallbacks + item));
            if (boosts) sums *= load_f(boosts + item);
            const lanes_i wanted = allowed & (sums >= splat_f(least));
            if (!__builtin_reduce_or(wanted)) continue;
            for (size_t lane = 0; lane < FT_GROUP_ITEMS; lane++) {
                if (!wanted[lane]) continue;
                const ft_ranked found = {sums[lane], (uint32_t)(item + lane), rank_of(ranks, item + lane)};
                if (count < capacity) {
                    sift_up(best, count++, found);
                } else if (is_worse(&best[0], &found)) {
                    sift_down(best, 0, count, found);
                }
                if (count == capacity) least = best[0].score;
            }
        }
    }
    sort_ranked(best, count);
    return count;
}

static void VARIANT(clear)(const ft_scores *scores) {
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    float *const content = scores->content, *const collaborative = scores->collaborative;
    uint8_t *const touched = scores->touched;
    const lanes_f zeros = {0};
    for (size_t group = 0; group < group_count; group++) {
        if (!touched[group]) continue;
        touched[group] = 0;
        store_f(content + group * FT_GROUP_ITEMS, zeros);
        store_f(collaborative + group * FT_GROUP_ITEMS, zeros);
    }
}

static void VARIANT(measure_pair)(
    const ft_scores *scores, const float *factors, float least, ft_pair_statistics *statistics) {
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    const lanes_i known_bit = splat_i(FT_HAS_COLLABORATIVE);
    ft_pair_statistics sum = {0};
    for (size_t group = 0; group < group_count; group++) {
        const size_t item = group * FT_GROUP_ITEMS;
        const lanes_f lists = load_f(scores->collaborative + item);
        const lanes_i known = (load_flags(scores->flags + item) & known_bit) != 0;
        const lanes_f by_factors = load_f(factors + item);
        const lanes_i listed = lists != 0;
        const lanes_i counted = known & (listed | (by_factors >= splat_f(least)));
        const lanes_f kept = keep_f(counted, by_factors);
        const lanes_f list_squares = lists * lists, factor_squares = kept * kept;
        sum.list_squares += total_f(&list_squares);
        sum.factor_squares += total_f(&factor_squares);
        sum.list_count -= (uint64_t)(int64_t)__builtin_reduce_add(listed);
        sum.factor_count -= (uint64_t)(int64_t)__builtin_reduce_add(counted);
    }
    *statistics = sum;
}

static void VARIANT(combine_pair)(
    const ft_scores *scores, const float *factors, float least, float list_unit, float factor_unit) {
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    const lanes_i known_bit = splat_i(FT_HAS_COLLABORATIVE), refusals = splat_i(256 - FT_FIRST_REFUSAL);
    for (size_t group = 0; group < group_count; group++) {
        const size_t item = group * FT_GROUP_ITEMS;
        const lanes_f lists = load_f(scores->collaborative + item), content = load_f(scores->content + item);
        const lanes_i flags = load_flags(scores->flags + item);
        const lanes_i known = (flags & known_bit) != 0;
        const lanes_f by_factors = load_f(factors + item);
        const lanes_i best = known & ((flags & refusals) == 0) & (by_factors >= splat_f(least));
        const lanes_i wanted = (lists != 0) | (content != 0) | best;
        if (!__builtin_reduce_or(wanted)) continue;
        scores->touched[group] = 1;
        const lanes_f sums = splat_f(list_unit) * lists + keep_f(known, splat_f(factor_unit) * by_factors);
        store_f(scores->collaborative + item, keep_f(wanted, sums));
    }
}

static void VARIANT(extend_pair)(const ft_scores *scores, const float *factors, float least, float factor_unit) {
    const size_t group_count = (scores->item_count + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS;
    const lanes_i known_bit = splat_i(FT_HAS_COLLABORATIVE), refusals = splat_i(256 - FT_FIRST_REFUSAL);
    for (size_t group = 0; group < group_count; group++) {
        if (!scores->allowed[group]) continue;
        const size_t item = group * FT_GROUP_ITEMS;
        const lanes_f lists = load_f(scores->collaborative + item), content = load_f(scores->content + item);
        const lanes_i flags = load_flags(scores->flags + item);
        const lanes_f by_factors = load_f(factors + item);
        const lanes_i wanted = ((flags & known_bit) != 0) & ((flags & refusals) == 0) & (by_factors >= splat_f(least))
            & (lists == 0) & (content == 0) & spread_bits(scores->allowed[group]);
        if (!__builtin_reduce_or(wanted)) continue;
        scores->touched[group] = 1;
        store_f(scores->collaborative + item, choose_f(wanted, splat_f(factor_unit) * by_factors, lists));
    }
}

static void VARIANT(multiply_rows)(
    const int8_t *restrict rows, const float *restrict scales, size_t count, size_t dimension,
    const int16_t *restrict vector, float unit, float *restrict output) {
    for (size_t row = 0; row < count; row++) {
        const int8_t *restrict values = rows + row * dimension;
        int32_t sum = 0;
        for (size_t place = 0; place < dimension; place++) sum += (int32_t)values[place] * (int32_t)vector[place];
        output[row] = scales[row] * (unit * (float)sum);
    }
}

/// Over whole groups of 16 lanes, `stride` numbers in all.
static float VARIANT(dot)(const float *left, const float *right, size_t stride) {
    lanes_f sums = {0};
    for (size_t place = 0; place < stride; place += FT_GROUP_ITEMS) sums += load_f(left + place) * load_f(right + place);
    return (float)total_f(&sums);
}

static void VARIANT(add_scaled)(float factor, const float *values, float *target, size_t stride) {
    for (size_t place = 0; place < stride; place += FT_GROUP_ITEMS)
        store_f(target + place, load_f(target + place) + splat_f(factor) * load_f(values + place));
}

static int VARIANT(solve_ridge)(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    const float *right, float *x, float *scratch) {
    const size_t stride = (dimension + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS * FT_GROUP_ITEMS;
    float *residual = scratch, *direction = scratch + stride, *product = scratch + 2 * stride;
    float *diagonal = scratch + 3 * stride;
    memset(scratch, 0, 4 * stride * sizeof *scratch);
    for (size_t place = 0; place < dimension; place++) diagonal[place] = gram[place * stride + place] + penalty;
    for (size_t row = 0; row < count; row++)
        for (size_t place = 0; place < dimension; place++) {
            const float value = rows[row * stride + place];
            diagonal[place] += weights[row] * value * value;
        }
    float squares = 0, steepness = 0;
    for (size_t place = 0; place < dimension; place++) {
        if (!(diagonal[place] > 0)) return 0;
        x[place] = 0;
        residual[place] = right[place];
        direction[place] = right[place] / diagonal[place];
        squares += right[place] * right[place];
        steepness += right[place] * direction[place];
    }
    const float target = squares * 1e-14f;
    // In exact arithmetic `dimension` steps are enough.
    for (size_t step = 0; step < 2 * dimension && squares > target; step++) {
        for (size_t place = 0; place < dimension; place++)
            product[place] = VARIANT(dot)(gram + place * stride, direction, stride) + penalty * direction[place];
        for (size_t row = 0; row < count; row++) {
            const float *values = rows + row * stride;
            VARIANT(add_scaled)(weights[row] * VARIANT(dot)(values, direction, stride), values, product, stride);
        }
        const float curvature = VARIANT(dot)(direction, product, stride);
        if (!(curvature > 0)) return 0;
        const float length = steepness / curvature;
        VARIANT(add_scaled)(length, direction, x, stride);
        VARIANT(add_scaled)(-length, product, residual, stride);
        squares = VARIANT(dot)(residual, residual, stride);
        float next = 0;
        for (size_t place = 0; place < dimension; place++)
            next += residual[place] * residual[place] / diagonal[place];
        const float share = next / steepness;
        steepness = next;
        for (size_t place = 0; place < dimension; place++)
            direction[place] = residual[place] / diagonal[place] + share * direction[place];
    }
    return squares < INFINITY;
}

/// The upper triangle becomes U with U'U = what was there. A pivot that is not positive ends as no number, which the caller finds.
static void VARIANT(factorise_ridge_rows)(float *factor, size_t dimension, size_t stride) {
    for (size_t row = 0; row < dimension; row++) {
        float *pivot = factor + row * stride;
        const float root = 1 / sqrtf(pivot[row]);
        for (size_t place = row; place < dimension; place++) pivot[place] *= root;
        for (size_t other = row + 1; other < dimension; other++) {
            const size_t first = other / FT_GROUP_ITEMS * FT_GROUP_ITEMS;
            VARIANT(add_scaled)(-pivot[other], pivot + first, factor + other * stride + first, stride - first);
        }
    }
}

static int VARIANT(factorise_ridge)(
    const float *gram, size_t dimension, const float *rows, const float *weights, size_t count, float penalty,
    float *factor) {
    const size_t stride = (dimension + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS * FT_GROUP_ITEMS;
    memcpy(factor, gram, dimension * stride * sizeof *factor);
    for (size_t place = 0; place < dimension; place++) {
        const size_t first = place / FT_GROUP_ITEMS * FT_GROUP_ITEMS;
        float *target = factor + place * stride;
        target[place] += penalty;
        for (size_t row = 0; row < count; row++) {
            const float *values = rows + row * stride;
            VARIANT(add_scaled)(weights[row] * values[place], values + first, target + first, stride - first);
        }
    }
    VARIANT(factorise_ridge_rows)(factor, dimension, stride);
    for (size_t place = 0; place < dimension; place++) {
        const float value = factor[place * stride + place];
        if (!(value > 0 && value < INFINITY)) return 0;
    }
    return 1;
}

static void VARIANT(solve_factored)(const float *factor, size_t dimension, float *x) {
    const size_t stride = (dimension + FT_GROUP_ITEMS - 1) / FT_GROUP_ITEMS * FT_GROUP_ITEMS;
    for (size_t row = 0; row < dimension; row++) {
        const float *values = factor + row * stride;
        const size_t whole = (row / FT_GROUP_ITEMS + 1) * FT_GROUP_ITEMS;
        const float found = x[row] / values[row];
        x[row] = found;
        for (size_t place = row + 1; place < whole && place < stride; place++) x[place] -= found * values[place];
        if (whole < stride) VARIANT(add_scaled)(-found, values + whole, x + whole, stride - whole);
    }
    for (size_t row = dimension; row-- > 0;) {
        const float *values = factor + row * stride;
        const size_t whole = (row / FT_GROUP_ITEMS + 1) * FT_GROUP_ITEMS;
        float sum = whole < stride ? VARIANT(dot)(values + whole, x + whole, stride - whole) : 0;
        for (size_t place = row + 1; place < whole && place < stride; place++) sum += values[place] * x[place];
        x[row] = (x[row] - sum) / values[row];
    }
}

static void VARIANT(row_products)(const float *rows, size_t count, size_t stride, const float *x, float *output) {
    for (size_t row = 0; row < count; row++) output[row] = VARIANT(dot)(rows + row * stride, x, stride);
}
