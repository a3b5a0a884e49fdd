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

    static let folder = unsafe getenv("FORETASTE_DATA").map { unsafe String(cString: $0) } ?? "../shared/data"
    static let path = folder + "/movielens-100k/u.data.gz"
    static var isAvailable: Bool { unsafe access(path, R_OK) == 0 }

    init?() {
        guard let pipe = unsafe popen("gunzip -c '\(Self.path)'", "r") else { return nil }
        defer { unsafe pclose(pipe) }
        var last = [(item: Int32, time: Int)](repeating: (-1, -1), count: 943)
        var items = [Set<Int32>](repeating: [], count: 943)
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, 256, pipe) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let fields = text.split(separator: "\t").compactMap { Int($0) }
            guard fields.count == 4 else { return nil }
            let (user, item, time) = (fields[0] - 1, Int32(fields[1] - 1), fields[3])
            items[user].insert(item)
            if time >= last[user].time { last[user] = (item, time) }
        }
        let rows = items.indices.map { user in
            (0..<1682).map { item -> Float in
                items[user].contains(Int32(item)) && last[user].item != Int32(item) ? 1 : 0
            }
        }
        train = sparse(rows, columnCount: 1682)
        heldOut = last.map(\.item)
    }

    /// The part of users whose held-out item is among the 10 best of `rank(user)`.
    func hitRateAt10(_ rank: (_ history: [WeightedRow]) -> [Int32]) -> Double {
        let hits = heldOut.indices.filter { user in
            let history = train.range(ofRow: user).map { WeightedRow(row: train.columnIndexes[$0], weight: 1) }
            return rank(history).prefix(10).contains(heldOut[user])
        }
        return Double(hits.count) / Double(heldOut.count)
    }
}
