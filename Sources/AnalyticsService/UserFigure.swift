package import AnalyticsArtefacts

/// What users are ranked by, highest first.
package enum UserFigure: String, CaseIterable, Sendable {
    /// Probabilities of the models of these names.
    case purchase, conversion, churn
    /// What is foretold that they will spend, or buy where there is no money.
    case value
    /// What they have spent.
    case revenue
    /// Of those at risk: what is expected to go with them, the probability of churn times `value`.
    case loss

    /// A value a user, nil where nothing is known; nil where nothing is known of anybody.
    package func values(of users: UsersDocument) -> [Double?]? {
        switch self {
        case .purchase, .conversion, .churn: return Self.known(users.model(rawValue)?.predictions)
        case .value: return Self.known(users.value)
        case .revenue: return Self.known(users.revenue)
        case .loss:
            guard let model = users.model(Self.churn.rawValue), let value = Self.known(users.value),
                let risks = Self.known(model.predictions)
            else { return nil }
            return zip(risks, value).map { risk, value in
                guard let risk, let value, risk >= model.threshold else { return nil }
                return risk * value
            }
        }
    }

    private static func known(_ values: [Double?]?) -> [Double?]? {
        guard let values, !values.isEmpty else { return nil }
        return values
    }
}
