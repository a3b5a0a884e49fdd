/// Where a value stands in a request, such as `params.recentItems[3].itemId`; turned into text only for an error.
struct FieldPath {
    /// `params`, or a member of the envelope.
    let base: StaticString
    private var member: StaticString?
    private var index: Int?
    private var leaf: StaticString?

    init(base: StaticString) { self.base = base }

    func appending(_ name: StaticString) -> FieldPath {
        var path = self
        if member == nil { path.member = name } else { path.leaf = name }
        return path
    }

    func element(_ index: Int) -> FieldPath {
        var path = self
        path.index = index
        return path
    }

    var text: String {
        var text = "\(base)"
        if let member { text += ".\(member)" }
        if let index { text += "[\(index)]" }
        if let leaf { text += ".\(leaf)" }
        return text
    }
}
