internal import CScoringKernels

/// The scores that the neighbours of a history add up to, by component, and the best of what comes of them.
///
///     add, add ... ─▶ measure (sizes of both components over the candidates) ─▶ select (the best by given units) ─▶ clear
///
/// A workspace that one thread owns: 9 bytes an item, made once. A candidate is an allowed item with a score other than 0 of
/// either component. A request costs O(postings added + candidates); nothing is allocated.
@safe package struct CandidateScores: ~Copyable {
    package let format: PostingFormat
    package private(set) var itemCount: Int
    private let capacity: Int
    private let content: UnsafeMutablePointer<Float>
    private let collaborative: UnsafeMutablePointer<Float>
    private let touched: UnsafeMutablePointer<UInt8>
    private let bounds: UnsafeMutablePointer<Float>
    private var best: UnsafeMutablePointer<ft_ranked>
    private var bestCapacity: Int
    private var bestCount = 0
    /// For choosing among the factors' scores; empty before that is needed.
    private var scratch: [UInt32] = []
    /// Whether anything was added to the component, be it on refused items alone.
    package private(set) var contentSpeaks = false
    package private(set) var collaborativeSpeaks = false

    package enum Component: Sendable { case content, collaborative }

    /// - Parameter capacity: items that there may ever be; at least what a posting can name has room.
    package init(itemCount: Int, capacity: Int = 0) {
        format = PostingFormat(itemCount: itemCount)
        self.itemCount = itemCount
        let group = Int(FT_GROUP_ITEMS)
        let capacity = max(format.columnLimit, (capacity + group - 1) / group * group)
        self.capacity = capacity
        unsafe content = AlignedMemory.zeros(capacity)
        unsafe collaborative = AlignedMemory.zeros(capacity)
        unsafe touched = AlignedMemory.zeros(capacity / Int(FT_GROUP_ITEMS))
        unsafe bounds = AlignedMemory.zeros(3 * (capacity / Int(FT_BOUND_ITEMS) + 1))
        bestCapacity = 64
        unsafe best = .allocate(capacity: bestCapacity)
    }

    deinit {
        unsafe AlignedMemory.release(content)
        unsafe AlignedMemory.release(collaborative)
        unsafe AlignedMemory.release(touched)
        unsafe AlignedMemory.release(bounds)
        unsafe best.deallocate()
    }

    /// Makes every score 0 again. O(touched).
    package mutating func clear() {
        guard contentSpeaks || collaborativeSpeaks else { return }
        var scores = unsafe kernelScores(flags: UnsafePointer(touched), fallback: nil)
        unsafe ft_clear(&scores)
        contentSpeaks = false
        collaborativeSpeaks = false
    }

    /// Between two requests: how many items there are.
    package mutating func setItemCount(_ count: Int) {
        precondition(count >= 0 && count <= capacity && !contentSpeaks && !collaborativeSpeaks)
        // A posting of a damaged file may have named what was no item.
        for item in min(itemCount, count)..<max(itemCount, count) {
            unsafe (content[item], collaborative[item]) = (0, 0)
        }
        itemCount = count
    }

    /// Adds `value` to an item's score of a component.
    package mutating func add(_ value: Float, to component: Component, of item: Int32) {
        precondition(item >= 0 && Int(item) < itemCount)
        switch component {
        case .content:
            contentSpeaks = true
            unsafe content[Int(item)] += value
        case .collaborative:
            collaborativeSpeaks = true
            unsafe collaborative[Int(item)] += value
        }
        unsafe touched[Int(item) / Int(FT_GROUP_ITEMS)] = 1
    }

    /// Adds `weight` times a row of postings whose values are in units of `unit`.
    /// - Parameter ahead: what will be added to the component next, and is fetched meanwhile.
    package mutating func add(
        _ postings: UnsafeBufferPointer<UInt32>, unit: Float, weight: Float, to component: Component,
        ahead: UnsafeBufferPointer<UInt32> = unsafe UnsafeBufferPointer(start: nil, count: 0)
    ) {
        guard let start = postings.baseAddress, !postings.isEmpty else { return }
        let scores: UnsafeMutablePointer<Float>
        switch component {
        case .content:
            contentSpeaks = true
            unsafe scores = content
        case .collaborative:
            collaborativeSpeaks = true
            unsafe scores = collaborative
        }
        unsafe ft_add_postings(
            start, postings.count, UInt32(format.columnBits), Self.product(unit, weight),
            scores, touched,
            ahead.baseAddress, ahead.count)
    }

    /// A product that is 0 where a factor is, not because the product is too small for a number.
    private static func product(_ unit: Float, _ weight: Float) -> Float {
        let product = unit * weight
        if product.magnitude >= .leastNormalMagnitude || unit == 0 || weight == 0 { return product }
        return Float(signOf: product, magnitudeOf: .leastNormalMagnitude)
    }

    /// Gives an item a whole collaborative score.
    package mutating func setCollaborative(_ item: Int32, _ score: Float) {
        precondition(item >= 0 && Int(item) < itemCount)
        collaborativeSpeaks = true
        unsafe collaborative[Int(item)] = score
        unsafe touched[Int(item) / Int(FT_GROUP_ITEMS)] = 1
    }

    @inline(__always)
    package func contentScore(of item: Int32) -> Float {
        precondition(item >= 0 && Int(item) < itemCount)
        return unsafe content[Int(item)]
    }

    @inline(__always)
    package func collaborativeScore(of item: Int32) -> Float {
        precondition(item >= 0 && Int(item) < itemCount)
        return unsafe collaborative[Int(item)]
    }

    /// Both scores of an item; NaN where the component knows nothing of it, or of the history.
    package func evidence(
        of item: Int32, _ admission: borrowing Admission
    ) -> (content: Float, collaborative: Float) {
        let known = admission[item].rawValue
        let content = contentScore(of: item)
        let collaborative = collaborativeScore(of: item)
        let knowsContent = contentSpeaks && known & ItemFlags.hasContent.rawValue != 0
        let knowsCollaborative = collaborativeSpeaks && known & ItemFlags.hasCollaborative.rawValue != 0
        return (
            content != 0 || knowsContent ? content : .nan,
            collaborative != 0 || knowsCollaborative ? collaborative : .nan
        )
    }

    /// Sizes of the components over the candidates.
    package struct Statistics: Sendable, Equatable {
        package var contentSquares = 0.0
        package var collaborativeSquares = 0.0
        package var fallbackSquares = 0.0
        /// Candidates that the component knows.
        package var contentCount = 0
        package var collaborativeCount = 0
        package var count = 0
    }

    /// - Parameter fallback: per item, its fallback score, where that joins in.
    package mutating func measure(
        _ admission: borrowing Admission, fallback: PaddedScores?
    ) -> Statistics {
        var found = ft_statistics()
        var scores = unsafe kernelScores(admission, fallback)
        unsafe ft_measure(&scores, &found)
        return Statistics(
            contentSquares: found.content_squares, collaborativeSquares: found.collaborative_squares,
            fallbackSquares: found.fallback_squares, contentCount: Int(found.content_count),
            collaborativeCount: Int(found.collaborative_count), count: Int(found.count))
    }

    /// What a score of each component counts: where the other one knows the item as well, and where it does not. None is
    /// negative.
    package struct Units: Sendable, Equatable {
        package var content: Float
        package var contentAlone: Float
        package var collaborative: Float
        package var collaborativeAlone: Float
        /// Of the fallback's score, where the personal ones come to more than 0.
        package var fallback: Float

        package init(
            content: Float, contentAlone: Float, collaborative: Float, collaborativeAlone: Float, fallback: Float
        ) {
            self.content = content
            self.contentAlone = contentAlone
            self.collaborative = collaborative
            self.collaborativeAlone = collaborativeAlone
            self.fallback = fallback
        }
    }

    /// One of the best.
    package struct Ranked: Sendable, Equatable {
        package var item: Int32
        package var score: Float
    }

    /// Finds the best `count` allowed items that score above 0 and not below `threshold`, best first, equal ones by ascending
    /// rank. After `measure` with the same admission and fallback.
    /// - Parameters:
    ///   - ranks: of every item.
    ///   - boosts: what multiplies each item's score.
    /// - Returns: How many there are; `best(at:)` tells them.
    package mutating func select(
        _ count: Int, units: Units, threshold: Float, ranks: CandidateRanks,
        _ admission: borrowing Admission, fallback: PaddedScores?, boosts: ItemBoosts? = nil
    ) -> Int {
        precondition(unsafe ranks.known.count + ranks.late.count == itemCount)
        let wanted = max(0, min(count, itemCount))
        guard wanted > 0 else { return 0 }
        reserveBest(wanted)
        var order = unsafe ft_ranks(
            known: ranks.known.baseAddress, late: ranks.late.baseAddress, known_count: ranks.known.count)
        var kernelUnits = ft_units(
            content: units.content, content_alone: units.contentAlone, collaborative: units.collaborative,
            collaborative_alone: units.collaborativeAlone, fallback: units.fallback)
        precondition(boosts.map { $0.factors.capacity >= itemCount } ?? true)
        var scores = unsafe kernelScores(admission, fallback)
        unsafe scores.allowed = admission.restriction.map { unsafe UnsafePointer($0.groups) }
        unsafe scores.boosts = boosts.map { unsafe UnsafePointer($0.factors.start) }
        unsafe scores.most_boost = boosts?.most ?? 1
        bestCount = Int(unsafe ft_select(&scores, &kernelUnits, threshold, &order, best, wanted))
        return bestCount
    }

    /// The `place`-th best of the last `select`, counted from 0.
    package func best(at place: Int) -> Ranked {
        precondition(place >= 0 && place < bestCount)
        let ranked = unsafe best[place]
        return Ranked(item: Int32(bitPattern: ranked.item), score: ranked.score)
    }

    private mutating func reserveBest(_ count: Int) {
        guard count > bestCapacity else { return }
        unsafe best.deallocate()
        bestCapacity = count
        unsafe best = .allocate(capacity: count)
    }

    private func kernelScores(
        _ admission: borrowing Admission, _ fallback: PaddedScores?
    ) -> ft_scores {
        precondition(admission.itemCount == itemCount && admission.capacity >= format.columnLimit)
        precondition(admission.capacity >= (itemCount + 15) / 16 * 16)
        precondition(fallback.map { $0.capacity >= itemCount } ?? true)
        return unsafe kernelScores(flags: UnsafePointer(admission.flags), fallback: fallback?.start)
    }

    /// Gives every collaborative score its part by factors, and an item that only factors know its score.
    ///
    /// Lists and factors are each measured by their root mean square over their own candidates, refused items among them: what
    /// is excluded does not change what a score counts. Of items that no list names, the best `candidateCount` allowed ones by
    /// factors become candidates.
    /// - Parameters:
    ///   - factors: one score an item, 0 where it has no factors; those of items without `.hasCollaborative` are not looked at.
    ///   - units: what a score of lists and of factors counts, from their sizes.
    package mutating func combine(
        factors: PaddedScores, candidateCount: Int, _ admission: borrowing Admission,
        units: (PairStatistics) -> (lists: Float, factors: Float)
    ) {
        precondition(factors.capacity >= itemCount && candidateCount >= 1)
        if scratch.count < itemCount { scratch = Array(repeating: 0, count: capacity) }
        var scores = unsafe kernelScores(admission, nil)
        let known = UInt8(FT_HAS_COLLABORATIVE)
        let least = unsafe ft_nth_largest(
            factors.start, admission.flags, known, 0, nil, itemCount, candidateCount, &scratch)
        var found = ft_pair_statistics()
        unsafe ft_measure_pair(&scores, factors.start, least, &found)
        let units = units(
            PairStatistics(
                listSquares: found.list_squares, listCount: Int(found.list_count), factorSquares: found.factor_squares,
                factorCount: Int(found.factor_count)))
        let leastAllowed = unsafe ft_nth_largest(
            factors.start, admission.flags, known, ItemFlags.refusals.rawValue, nil, itemCount, candidateCount,
            &scratch)
        unsafe ft_combine_pair(&scores, factors.start, leastAllowed, units.lists, units.factors)
        collaborativeSpeaks = true
    }

    /// After `combine` and `measure`, where the request is restricted to some items: of those that are no candidates yet the best
    /// `candidateCount` allowed ones by factors become some, with the scores that they would have had. `measure` then finds the
    /// bounds again; its sizes are to be left out, since what is asked about must not change what a score counts.
    package mutating func extend(
        factors: PaddedScores, candidateCount: Int, unit: Float, _ admission: borrowing Admission
    ) {
        guard let restriction = admission.restriction else { return }
        precondition(factors.capacity >= itemCount && scratch.count >= itemCount)
        var scores = unsafe kernelScores(admission, nil)
        unsafe scores.allowed = UnsafePointer(restriction.groups)
        let least = unsafe ft_nth_largest(
            factors.start, admission.flags, UInt8(FT_HAS_COLLABORATIVE), ItemFlags.refusals.rawValue,
            restriction.groups, itemCount, candidateCount, &scratch)
        unsafe ft_extend_pair(&scores, factors.start, least, unit)
    }

    /// Sizes of two collaborative models over their candidates.
    package struct PairStatistics: Sendable, Equatable {
        package var listSquares: Double
        package var listCount: Int
        package var factorSquares: Double
        package var factorCount: Int
    }

    private func kernelScores(flags: UnsafePointer<UInt8>, fallback: UnsafePointer<Float>?) -> ft_scores {
        unsafe ft_scores(
            content: content, collaborative: collaborative, touched: touched, flags: flags, fallback: fallback,
            allowed: nil, boosts: nil, most_boost: 1, bounds: bounds, item_count: itemCount,
            content_speaks: contentSpeaks ? 1 : 0,
            collaborative_speaks: collaborativeSpeaks ? 1 : 0)
    }
}
