internal import LinearAlgebra

extension InteractionMatrix {
    /// What some users did with some items, both given by ascending indexes: times and sums stay, ages are counted from the
    /// same time.
    package func selecting(users: [Int], items: [Int]) -> InteractionMatrix {
        var places = [Int32](repeating: -1, count: itemIds.count)
        for (place, item) in items.enumerated() { places[item] = Int32(place) }
        var offsets = [0]
        var itemIndexes: [Int32] = []
        var sums: [Float] = []
        var times: [Int64] = []
        for user in users {
            for entry in histories.range(ofUser: user) {
                let place = places[Int(histories.itemIndexes[entry])]
                guard place >= 0 else { continue }
                itemIndexes.append(place)
                sums.append(histories.sums[entry])
                times.append(histories.times[entry])
            }
            offsets.append(itemIndexes.count)
        }
        let selected = UserHistories(offsets: offsets, itemIndexes: itemIndexes, sums: sums, times: times)
        return InteractionMatrix(
            userIds: users.map { userIds[$0] }, itemIds: items.map { itemIds[$0] },
            matrix: matrix.selecting(rows: users, columns: items), histories: selected, hasTimes: hasTimes,
            referenceTime: referenceTime)
    }
}
