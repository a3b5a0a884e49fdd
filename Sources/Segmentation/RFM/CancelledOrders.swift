import Interactions

/// Which orders cancel others: where one order id in ten or more is a number, those that are a C and a number, as invoices of shops are marked.
struct CancelledOrders {
    /// Per order of the log; empty where none is.
    private let isCancelled: [Bool]

    init(_ orders: IdentifierTable) {
        var numberCount = 0
        var marks = [Bool](repeating: false, count: orders.count)
        for index in 0..<orders.count {
            let id = orders.bytes(at: index)
            if Self.isNumber(id) { numberCount += 1 }
            let first = id.first
            marks[index] =
                (first == UInt8(ascii: "C") || first == UInt8(ascii: "c")) && Self.isNumber(id.dropFirst())
        }
        // Where all ids begin with a C it says nothing.
        isCancelled = 10 * numberCount >= orders.count && marks.contains(true) ? marks : []
    }

    func contains(_ order: Int32) -> Bool { !isCancelled.isEmpty && isCancelled[Int(order)] }

    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}
