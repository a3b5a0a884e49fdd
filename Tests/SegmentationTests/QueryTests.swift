import LinearAlgebra
import Testing

@testable import Segmentation

@Suite struct QueryTests {
    /// Values of scikit-learn 1.9 (`metrics.normalized_mutual_info_score`, `adjusted_mutual_info_score`,
    /// `adjusted_rand_score`) on the same labels.
    @Test func agreementEqualsScikitLearn() {
        let numbers: [Int] = Array(0..<200)
        let a: [Int32] = numbers.map { i in Int32((i * 7919 + i * i) % 5) }
        let b: [Int32] = numbers.map { i in Int32((i * 104_729 + i * i * i) % 7) }
        let c: [Int32] = numbers.map { i in i % 4 == 0 ? (a[i] + 1) % 5 : a[i] }
        check(LabelAgreement(a, b), 0.001042129552168425, -0.014978305259351952, -0.01143780924274582)
        check(LabelAgreement(a, c), 0.6296663728924821, 0.6247651769229841, 0.5519311818024364)
        check(LabelAgreement([0, 0, 1, 1], [0, 0, 1, 2]), 0.8, 0.5714285714285715, 0.5714285714285714)
        check(LabelAgreement(a, a), 1, 1, 1)
        check(LabelAgreement([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]), 1, 1, 1)
        check(LabelAgreement([0, 1, 2, 3], [3, 2, 1, 0]), 1, 1, 1)
    }

    private func check(_ agreement: LabelAgreement, _ nmi: Double, _ ami: Double, _ ari: Double) {
        #expect(abs(agreement.normalizedMutualInformation - nmi) < 1e-9)
        #expect(abs(agreement.adjustedMutualInformation - ami) < 1e-9)
        #expect(abs(agreement.adjustedRandIndex - ari) < 1e-9)
    }

    /// Cluster 0 has terms 0 (three texts, nowhere else) and 2 (everywhere); cluster 1 has 1 and 2.
    @Test func termsThatTellAClusterComeFirst() {
        let rows = SparseMatrix(
            rowCount: 5, columnCount: 4, rowOffsets: [0, 2, 4, 6, 8, 10],
            columnIndexes: [0, 2, 0, 2, 0, 2, 1, 2, 1, 2],
            values: Array(repeating: 1, count: 10))
        let labels: [Int32] = [0, 0, 0, 1, 1]
        #expect(ClusterTerms.strongest(rows: rows, labels: labels, clusterCount: 2, count: 5) == [[0, 2], [1, 2]])
        #expect(ClusterTerms.strongest(rows: rows, labels: labels, clusterCount: 3, count: 1) == [[0], [1], []])
    }

    @Test func eachLabelIsGivenOnce() {
        let centres = DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 0.1, 1, 0])
        // Both centres are nearest to label 1, whose second choice costs the first one less.
        let labels = DenseMatrix(rowCount: 3, columnCount: 2, values: [-1, 0, 1, 0, 0.6, 0.8])
        #expect(ClusterLabels.nearest(centres: centres, labels: labels) == [2, 1])
        // More clusters than labels: the nearest, as often as needed.
        let one = DenseMatrix(rowCount: 1, columnCount: 2, values: [0, 1])
        #expect(ClusterLabels.nearest(centres: centres, labels: one) == [0, 0])
        #expect(ClusterLabels.nearest(centres: DenseMatrix(zeros: 1, 2), labels: labels).count == 1)
    }

    @Test func theHeavierVoteWins() {
        let votes: [UserSegments.Vote] = [
            .init(user: 3, segment: 1, weight: 1, time: 10), .init(user: 3, segment: 0, weight: 2, time: 5),
            .init(user: 3, segment: 1, weight: 0.5, time: 20),
            // Equal weights: the newer one.
            .init(user: 1, segment: 0, weight: 1, time: 7), .init(user: 1, segment: 2, weight: 1, time: 8),
            // Equal in all: the lesser one.
            .init(user: 2, segment: 2, weight: 1, time: 8), .init(user: 2, segment: 1, weight: 1, time: 8),
        ]
        let members = UserSegments(votes, segmentCount: 3).memberships
        #expect(members.map(\.user) == [1, 2, 3])
        #expect(members.map(\.segment) == [2, 1, 0])
        #expect(members[2].share == 2 / 3.5 && members[2].updated == 20)
        #expect(UserSegments([], segmentCount: 3).memberships.isEmpty)
    }
}
