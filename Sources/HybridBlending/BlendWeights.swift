/// How much each component counts. Each weight is finite and lies in 0...1; they need not sum to 1, since only order matters.
package struct BlendWeights: Sendable, Equatable {
    package var content: Float
    package var collaborative: Float
    package var fallback: Float

    /// The product's defaults. They are the numbers its users fixed, not the result of tuning.
    package static let standard = BlendWeights(content: 0.4, collaborative: 0.6, fallback: 0.3)

    package init(content: Float, collaborative: Float, fallback: Float) {
        self.content = content
        self.collaborative = collaborative
        self.fallback = fallback
    }
}
