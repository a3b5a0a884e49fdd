/// Ids of one width, so that their order is the order of the numbers.
struct ShopIdentifier {
    private let prefix: String
    private let width: Int

    /// - Parameter count: of all that will be named.
    init(prefix: String, count: Int) {
        self.prefix = prefix
        // Five digits at least, so that shops of usual sizes share their ids.
        width = max(5, String(count).count)
    }

    /// The first is number 1.
    func append(_ index: Int, to bytes: inout [UInt8]) {
        bytes.append(prefix)
        bytes.append(number: index + 1, width: width)
    }

    func text(_ index: Int) -> String {
        var bytes: [UInt8] = []
        append(index, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
