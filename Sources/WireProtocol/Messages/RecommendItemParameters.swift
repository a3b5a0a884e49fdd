/// `recommend.item`: items like this one. Borrowed: valid while the request is lent.
package struct RecommendItemParameters {
    package let itemId: WireString
    package var common = CommonParameters()

    package init(_ request: borrowing Request) throws(WireError) {
        var itemId: WireString?
        var reader = request.members
        while let (name, value) = reader.next() {
            if try common.read(name, value) { continue }
            guard name == .itemId else { throw value.unsupported(name, in: .recommendItem) }
            itemId = try value.identifier()
        }
        guard let itemId else { throw reader.missing(.itemId, "Name the item (itemId).") }
        self.itemId = itemId
    }
}
