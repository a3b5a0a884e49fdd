/// `recommend.session`: what goes on in a session without an account. Borrowed: valid while the request is lent.
package struct RecommendSessionParameters {
    package var common: CommonParameters
    /// Most recent first, at least one.
    package let items: [WireString]

    package init(_ request: borrowing Request) throws(WireError) {
        var common = CommonParameters()
        // Visitors come back to what they have seen: decision 0010.
        common.excludeSeen = false
        var items: [WireString] = []
        var reader = request.members
        while let (name, value) = reader.next() {
            if try common.read(name, value) { continue }
            guard name == .items else { throw value.unsupported(name, in: .recommendSession) }
            items = try value.identifiers(maximumCount: ProtocolLimits.recentItems)
        }
        guard !items.isEmpty else {
            throw reader.missing(.items, "List what was seen in the session (items), the most recent first.")
        }
        self.common = common
        self.items = items
    }
}
