internal import LinearAlgebra

extension InteractionMatrix {
    /// What some users did with some items, both given by ascending indexes: times and weights stay, ages are counted from the
    /// same time.
    package func selecting(users: [Int], items: [Int]) -> InteractionMatrix {
        var places = [Int32](repeating: -1, count: itemIds.count)
        for (place, item) in items.enumerated() { places[item] = Int32(place) }
        var selected = UserHistories(offsets: [0], itemIndexes: [], weights: [], times: [])
        for user in users {
            for entry in histories.range(ofUser: user) {
                let place = places[Int(histories.itemIndexes[entry])]
                guard place >= 0 else { continue }
                selected.itemIndexes.append(place)
                selected.weights.append(histories.weights[entry])
                selected.times.append(histories.times[entry])
            }
            selected.offsets.append(selected.itemIndexes.count)
        }
        return InteractionMatrix(
            userIds: users.map { userIds[$0] }, itemIds: items.map { itemIds[$0] },
            matrix: matrix.selecting(rows: users, columns: items), histories: selected, hasTimes: hasTimes,
            referenceTime: referenceTime)
    }
}
