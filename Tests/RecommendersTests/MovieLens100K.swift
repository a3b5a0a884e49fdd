import LinearAlgebra
import Recommenders

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// MovieLens 100K split leave-last-one: the last rating of every user (by time, then by line) is held out.
struct MovieLens100K {
    var train: SparseMatrix
    var heldOut: [Int32]
    /// For every stored value of `train` the rank of its second among those of its user, 0 the oldest.
    var steps: [Int32] = []

    static let folder = unsafe getenv("FORETASTE_DATA").map { unsafe String(cString: $0) } ?? "../shared/data"
    static let path = folder + "/movielens-100k/u.data.gz"
    static var isAvailable: Bool { unsafe access(path, R_OK) == 0 }

    /// Read once for all tests; nil where it cannot be read.
    static let shared = MovieLens100K()

    /// HR@10 of the most popular items that a user has not rated.
    static let popularHitRateAt10: Double? = shared.map { split in
        let counts = split.train.transposed()
        let ranking = Popularity.ranking(of: (0..<1682).map { Float(counts.range(ofRow: $0).count) })
        return split.hitRateAt10 { history in
            let seen = Set(history.map(\.row))
            return Array(ranking.lazy.filter { !seen.contains($0) }.prefix(10))
        }
    }

    private init?() {
        guard let pipe = unsafe popen("gunzip -c '\(Self.path)'", "r") else { return nil }
        defer { unsafe pclose(pipe) }
        var last = [(item: Int32, time: Int)](repeating: (-1, -1), count: 943)
        var times = [[Int32: Int]](repeating: [:], count: 943)
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, 256, pipe) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let fields = text.split(separator: "\t").compactMap { Int($0) }
            guard fields.count == 4 else { return nil }
            let (user, item, time) = (fields[0] - 1, Int32(fields[1] - 1), fields[3])
            times[user][item] = time
            if time >= last[user].time { last[user] = (item, time) }
        }
        for user in times.indices { times[user][last[user].item] = nil }
        let rows = times.map { rated in (0..<1682).map { item -> Float in rated[Int32(item)] == nil ? 0 : 1 } }
        train = sparse(rows, columnCount: 1682)
        heldOut = last.map(\.item)
        steps = times.flatMap { rated in
            let moments = Set(rated.values).sorted()
            let ranks = Dictionary(uniqueKeysWithValues: zip(moments, Int32(0)...))
            return rated.keys.sorted().map { item in rated[item].flatMap { ranks[$0] } ?? 0 }
        }
    }

    /// The part of users whose held-out item is among the 10 best of `rank(user)`. Nil: every item counts alike.
    func hitRateAt10(decay: HistoryDecay? = nil, _ rank: (_ history: [WeightedRow]) -> [Int32]) -> Double {
        let hits = heldOut.indices.filter { user in
            let last = train.range(ofRow: user).map { steps[$0] }.max() ?? 0
            let history = train.range(ofRow: user).map { position in
                WeightedRow(
                    row: train.columnIndexes[position],
                    weight: decay?.weight(step: Int(last - steps[position])) ?? 1)
            }
            return rank(history).prefix(10).contains(heldOut[user])
        }
        return Double(hits.count) / Double(heldOut.count)
    }
}
