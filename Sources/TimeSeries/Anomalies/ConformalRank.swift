/// How many of the measures seen so far were as large: the share is a p-value whatever their distribution, as long as nothing has changed
/// (Laxhammar, Falkman 2014, "Online learning and sequential anomaly detection in trajectories"; Vovk 2005).
struct ConformalRank: Sendable {
    /// The oldest measures give way beyond it, so that memory has a limit.
    let capacity: Int
    private var sorted: [Double] = []
    /// In the order in which they came; from `oldest` on, around.
    private var arrivals: [Double] = []
    private var oldest = 0

    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    var count: Int { sorted.count }

    /// (1 + measures at least as large) / (1 + measures): 1 where there are none yet.
    func pValue(of measure: Double) -> Double {
        Double(1 + sorted.count - place(of: measure)) / Double(1 + sorted.count)
    }

    /// The measure below which that share of those seen lies; nil where there are none.
    func quantile(_ share: Double) -> Double? {
        sorted.isEmpty ? nil : RobustStatistics.quantile(share, ofSorted: sorted)
    }

    mutating func insert(_ measure: Double) {
        if arrivals.count == capacity {
            sorted.remove(at: place(of: arrivals[oldest]))
            arrivals[oldest] = measure
            oldest = (oldest + 1) % capacity
        } else {
            arrivals.append(measure)
        }
        sorted.insert(measure, at: place(of: measure))
    }

    /// Of the first measure that is not smaller.
    private func place(of measure: Double) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < measure { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
