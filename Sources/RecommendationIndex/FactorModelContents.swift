package import LinearAlgebra

/// What scoring by factors needs: `ImplicitALS.FoldInTerms` with the items' factors.
package struct FactorModelContents: Sendable, Equatable {
    /// `[itemCount x d]`; the row of an item without interactions is zero.
    package var items: DenseMatrix
    /// `[d x d]`, symmetric.
    package var gram: DenseMatrix
    /// Four numbers, in the order of `FactorModelTable`'s members.
    package var constants: [Float]

    package init(items: DenseMatrix, gram: DenseMatrix, constants: [Float]) {
        self.items = items
        self.gram = gram
        self.constants = constants
    }
}
