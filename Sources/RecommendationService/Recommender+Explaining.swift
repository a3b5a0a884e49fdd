import HybridBlending
import RecommendationIndex
import Recommenders
import ScoringKernels

extension Recommender {
    /// The items of the last personal answer's history that speak most for each of `items`, strongest first, at most `limit`;
    /// nothing for an item of the fallback.
    ///
    /// What each adds to an item's score is exact: the blend is linear, so over the whole history the parts sum to it, less what
    /// the fallback adds. O(postings of the history + items x history), and a system of equations for each item where the index
    /// has factors.
    package func evidence(for items: [ItemNumber], limit: Int) -> [[ProfileEntry]] {
        guard let blend = state.blend, !state.history.isEmpty, !items.isEmpty, limit > 0 else {
            return Array(repeating: [], count: items.count)
        }
        let items = items.map(\.rawValue)
        var shares = [Float](repeating: 0, count: items.count * state.history.count)
        addListShares(items, units(of: items, blend), to: &shares)
        addModelShares(items, blend, to: &shares)
        return items.indices.map { place in strongest(shares, place, limit) }
    }

    package func evidence(for item: ItemNumber, limit: Int) -> [ProfileEntry] { evidence(for: [item], limit: limit)[0] }

    /// What a link of each component counts for an item; 0 where the component has no evidence of it.
    private func units(of items: [Int32], _ blend: Blend) -> [(content: Float, collaborative: Float)] {
        items.map { item in
            let content = hasContentEvidence(of: item)
            let collaborative = hasCollaborativeEvidence(of: item)
            return (
                content ? (collaborative ? blend.contentUnit : blend.contentAloneUnit) : 0,
                collaborative ? (content ? blend.collaborativeUnit : blend.collaborativeAloneUnit) : 0
            )
        }
    }

    /// Goes over the history's rows once and picks out the links to `items`.
    private func addListShares(
        _ items: [Int32], _ units: [(content: Float, collaborative: Float)], to shares: inout [Float]
    ) {
        let neighbours = serving.index.neighbours
        let listUnit = users == nil ? (factors?.pair ?? .alone).listUnit : 0
        if places.isEmpty { places = Array(repeating: -1, count: serving.workspaceCapacity) }
        for (place, item) in items.enumerated() { places[Int(item)] = Int32(place) }
        defer { for item in items { places[Int(item)] = -1 } }
        let count = state.history.count
        for (position, entry) in state.history.enumerated() {
            let row = unsafe row(of: entry.item)
            let (collaborativeUnit, contentUnit) = unsafe (row.collaborativeUnit, row.contentUnit)
            unsafe forEachLink(row.collaborative, neighbours.format) { place, value in
                shares[place * count + position] +=
                    units[place].collaborative * listUnit * entry.weight * (collaborativeUnit * value)
            }
            unsafe forEachLink(row.content, neighbours.format) { place, value in
                shares[place * count + position] += units[place].content * entry.weight * (contentUnit * value)
            }
        }
        if let overlay = view.overlay { addLinkShares(overlay.links, units, listUnit: listUnit, to: &shares) }
    }

    /// The same of the links that the index's rows lack.
    private func addLinkShares(
        _ links: OverlayLinks, _ units: [(content: Float, collaborative: Float)], listUnit: Float,
        to shares: inout [Float]
    ) {
        let count = state.history.count
        for (position, entry) in state.history.enumerated() {
            links.forEachLink(of: entry.item, .collaborative) { item, value in
                guard let place = place(of: item) else { return }
                shares[place * count + position] += units[place].collaborative * listUnit * entry.weight * value
            }
            links.forEachLink(of: entry.item, .content) { item, value in
                guard let place = place(of: item) else { return }
                shares[place * count + position] += units[place].content * entry.weight * value
            }
        }
    }

    private func place(of item: Int32) -> Int? {
        let place = places[Int(item)]
        return place >= 0 ? Int(place) : nil
    }

    @inline(__always)
    private func forEachLink(
        _ postings: UnsafeBufferPointer<UInt32>, _ format: PostingFormat, _ body: (_ place: Int, _ value: Float) -> Void
    ) {
        for position in postings.indices {
            let posting = unsafe postings[position]
            let place = places[format.column(posting)]
            if place >= 0 { body(Int(place), Float(format.value(posting))) }
        }
    }

    /// What users or factors add, item by item.
    private func addModelShares(_ items: [Int32], _ blend: Blend, to shares: inout [Float]) {
        guard users != nil || factors != nil else { return }
        let count = state.history.count
        for (place, item) in items.enumerated() where hasCollaborativeEvidence(of: item) {
            let unit = hasContentEvidence(of: item) ? blend.collaborativeUnit : blend.collaborativeAloneUnit
            let added: [Float]
            let factorUnit: Float
            if let users {
                (added, factorUnit) = (users.shares(of: item, history: state.history), 1)
            } else if let factors {
                (added, factorUnit) = (factors.shares(of: item, history: state.history), factors.pair.factorUnit)
            } else {
                continue
            }
            for position in 0..<count { shares[place * count + position] += unit * factorUnit * added[position] }
        }
    }

    private func strongest(_ shares: [Float], _ place: Int, _ limit: Int) -> [ProfileEntry] {
        let history = state.history
        var speakers: [ProfileEntry] = []
        for position in history.indices {
            let share = shares[place * history.count + position]
            guard share > 0, speakers.count < limit || share >= speakers[speakers.count - 1].weight else { continue }
            let entry = ProfileEntry(item: history[position].item, weight: share)
            speakers.insert(entry, at: speakers.firstIndex { precedes(entry, $0) } ?? speakers.count)
            if speakers.count > limit { speakers.removeLast() }
        }
        return speakers
    }

    /// The greater share first, ties by ascending id.
    private func precedes(_ left: ProfileEntry, _ right: ProfileEntry) -> Bool {
        left.weight == right.weight
            ? view.precedes(left.item.rawValue, right.item.rawValue) : left.weight > right.weight
    }
}
