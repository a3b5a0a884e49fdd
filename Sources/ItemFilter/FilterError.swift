/// Where in a filter something stands.
package enum FilterPlace: Sendable, Hashable {
    /// A byte of the text, counted from 0; line and column count from 1, columns in characters.
    case text(offset: Int, line: Int, column: Int)
    /// The member of a filter in JSON, such as `all[1].<[0]`; empty for the filter itself.
    case member(String)
}

/// Why a filter or a boost is refused.
package struct FilterError: Error, Sendable, Equatable {
    package let place: FilterPlace
    /// What is wrong, as sentences without the place.
    package let problem: String
    /// What could stand there, or what mends it.
    package let expected: String?
    /// The known name that comes nearest to an unknown one.
    package let nearest: String?

    package init(_ place: FilterPlace, _ problem: String, expected: String? = nil, nearest: String? = nil) {
        self.place = place
        self.problem = problem
        self.expected = expected
        self.nearest = nearest
    }

    package var message: String {
        var text =
            switch place {
            case .text(let offset, let line, let column):
                line == 1 ? "At character \(column) (byte \(offset)): " : "At line \(line), character \(column): "
            case .member(let path): path.isEmpty ? "" : "At \(path): "
            }
        text += problem
        if let expected { text += " Expected: \(expected)." }
        if let nearest { text += " Did you mean '\(nearest)'?" }
        return text
    }
}
