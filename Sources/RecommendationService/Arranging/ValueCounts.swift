/// How often each value of a property stands among the places that a limit looks back at. Closes the candidates whose value stands
/// there as often as it may, and opens them again when the window has moved on: what a place costs is the candidates of the
/// values that reach or leave the limit there.
struct ValueCounts {
    private let limit: PropertyLimit
    private let values: CountedValues
    /// Values are numbered as they are met.
    private var codes: [UInt64: Int] = [:]
    /// Per place of the pool, its item's value.
    private var codeOfPlace: [Int?] = []
    /// Per value, the places of the pool that have it.
    private var places: [[Int]] = []
    private var counts: [Int] = []
    private var placed: [Int?] = []

    init(_ limit: PropertyLimit, _ values: CountedValues, _ pool: [RecommendedItem]) {
        self.limit = limit
        self.values = values
        codeOfPlace.reserveCapacity(pool.count)
        for place in pool.indices {
            let code = code(of: pool[place].item)
            codeOfPlace.append(code)
            if let code { places[code].append(place) }
        }
    }

    /// The next place is taken by a pinned item, which need not be in the pool and may go beyond the limit.
    mutating func append(pinned item: ItemNumber, _ open: inout OpenCandidates) { append(code(of: item), &open) }

    mutating func append(fromPool place: Int, _ open: inout OpenCandidates) { append(codeOfPlace[place], &open) }

    private mutating func code(of item: ItemNumber) -> Int? {
        guard let value = values.value(of: item.rawValue) else { return nil }
        if let known = codes[value] { return known }
        let code = counts.count
        codes[value] = code
        counts.append(0)
        places.append([])
        return code
    }

    private mutating func append(_ code: Int?, _ open: inout OpenCandidates) {
        placed.append(code)
        if let code {
            counts[code] += 1
            if counts[code] == limit.count { for place in places[code] { open.close(place) } }
        }
        // The next place looks back at one fewer than the window has.
        guard let window = limit.window, placed.count >= window, let gone = placed[placed.count - window] else {
            return
        }
        counts[gone] -= 1
        if counts[gone] == limit.count - 1 { for place in places[gone] { open.reopen(place) } }
    }
}
