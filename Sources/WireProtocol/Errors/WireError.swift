/// An error as a reply tells it. `message` is for people, says how to mend it, and holds neither keys nor personal data.
package struct WireError: Error, Equatable, Sendable {
    package var reason: ErrorReason
    package var message: String
    /// The member at fault, such as `params.recentItems[3].itemId`.
    package var field: String?
    /// The known name or value that comes nearest to an unknown one.
    package var nearest: String?
    /// The bounds that a number or a size left.
    package var minimum: Int?
    package var maximum: Int?
    /// The incident that the server's log describes, with `BUG`.
    package var incident: String?
    package var closesConnection: Bool
    /// Says only that there is a member that nobody knows: never sent as it is.
    package private(set) var isUnknownMember = false

    package init(
        _ reason: ErrorReason, _ message: String, field: String? = nil, nearest: String? = nil, minimum: Int? = nil,
        maximum: Int? = nil, incident: String? = nil, closesConnection: Bool? = nil
    ) {
        self.reason = reason
        self.message = message
        self.field = field
        self.nearest = nearest
        self.minimum = minimum
        self.maximum = maximum
        self.incident = incident
        self.closesConnection = closesConnection ?? reason.closesConnection
    }

    package static let unknownMember: WireError = {
        var error = WireError(.badField, "A member has a name that nobody knows.")
        error.isUnknownMember = true
        return error
    }()

    var hasDetails: Bool { field != nil || nearest != nil || minimum != nil || maximum != nil || incident != nil }
}
