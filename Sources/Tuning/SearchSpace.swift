import SeededRandom

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One hyper-parameter, called as the option that sets it.
package struct TunedOption: Sendable, Equatable {
    package enum Domain: Sendable, Equatable {
        /// Uniform in the logarithm, rounded to three digits; `unit` stands after the number.
        case logarithmic(ClosedRange<Double>, unit: String = "")
        /// Uniform, rounded to three digits.
        case linear(ClosedRange<Double>)
        /// One of these, each as likely as the others.
        case choice([String])
    }

    package let name: String
    package let domain: Domain
    /// The models that it is a parameter of; nil: of every model.
    package let models: [String]?

    package init(_ name: String, _ domain: Domain, of models: [String]? = nil) {
        self.name = name
        self.domain = domain
        self.models = models
    }

    func draw(_ generator: inout SplitMix64) -> String {
        switch domain {
        case .logarithmic(let range, let unit):
            let (low, high) = (log(range.lowerBound), log(range.upperBound))
            return Self.rounded(exp(low + (high - low) * generator.nextUniform())) + unit
        case .linear(let range):
            return Self.rounded(range.lowerBound + (range.upperBound - range.lowerBound) * generator.nextUniform())
        case .choice(let values):
            return values[generator.nextIndex(below: values.count)]
        }
    }

    /// Three digits are more than a validation split can tell apart, and a person can read them.
    private static func rounded(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let scale = pow(10, floor(log10(value.magnitude)) - 2)
        let kept = (value / scale).rounded()
        // Dividing by a whole power of ten is exact to the last digit where multiplying by its inverse is not.
        let number = scale < 1 ? kept / (1 / scale).rounded() : kept * scale
        return number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }
}

/// An option with a value: how a trial differs from the defaults.
package struct TrialSetting: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a search may choose, and which settings each of its trials has.
///
///     trial 0            the defaults
///     trials 1 ... m     each model with its own defaults, where there is a choice of models
///     further trials     a model and all its options at random (Bergstra, Bengio 2012, "Random search for hyper-parameter
///                        optimization": better than a grid where few of the options matter)
///
/// A trial's settings follow from the seed and its number alone, so a search that is taken up again, or given more trials,
/// goes on where it stood.
package struct SearchSpace: Sendable, Equatable {
    /// The option that names the model.
    package static let modelOption = "model"

    package let models: [String]
    package let options: [TunedOption]

    /// - Parameter models: none where all trials have the same; then there is an option.
    package init(models: [String], options: [TunedOption]) {
        precondition(!models.isEmpty || !options.isEmpty, "a search needs something to vary")
        self.models = models
        self.options = options
    }

    package func settings(ofTrial trial: Int, seed: UInt64) -> [TrialSetting] {
        if trial == 0 { return [] }
        if trial <= models.count { return [TrialSetting(Self.modelOption, models[trial - 1])] }
        var generator = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(trial)))
        let model = models.isEmpty ? nil : models[generator.nextIndex(below: models.count)]
        return (model.map { [TrialSetting(Self.modelOption, $0)] } ?? [])
            + options.filter { option in option.models?.contains { $0 == model } ?? true }.map { option in
                TrialSetting(option.name, option.draw(&generator))
            }
    }
}
