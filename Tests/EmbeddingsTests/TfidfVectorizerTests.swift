import Embeddings
import LinearAlgebra
import Testing

@Suite struct TfidfVectorizerTests {
    func matrix(_ documents: [[String]], _ configuration: TfidfVectorizer.Configuration = .init()) -> TfidfMatrix {
        var vectorizer = TfidfVectorizer(configuration: configuration)
        for document in documents { vectorizer.add(document) }
        return vectorizer.matrix()
    }

    @Test func byHand() {
        // Three documents; "b" is in two, so idf(b) = ln(4/3) + 1 = 1.287682, idf(a) = idf(c) = ln(4/2) + 1 = 1.693147.
        // Document 0: a twice, 1.693147 * (1 + ln 2) = 2.866747; b 1.287682; length 3.142669.
        let found = matrix([["b", "a", "a"], ["c", "b"], []])
        #expect(found.terms == ["a", "b", "c"])
        let frequencies: [Float] = [1.693147, 1.287682, 1.693147]
        #expect(zip(found.inverseDocumentFrequencies, frequencies).allSatisfy { ($0 - $1).magnitude < 1e-6 })
        #expect(found.rows.rowOffsets == [0, 2, 4, 4])
        #expect(found.rows.columnIndexes == [0, 1, 1, 2])
        let values: [Float] = [0.912202, 0.409742, 0.605349, 0.795961]
        #expect(zip(found.rows.values, values).allSatisfy { ($0 - $1).magnitude < 2e-6 })
    }

    @Test func rareTermsGoInABigCorpusOnly() {
        var documents = [[String]](repeating: ["often"], count: 999)
        documents[5].append("once")
        #expect(matrix(documents).terms == ["often", "once"])
        documents.append(["often"])
        #expect(matrix(documents).terms == ["often"])
        #expect(matrix(documents, .init(minimumDocumentFrequency: 1)).terms == ["often", "once"])
        #expect(matrix(documents, .init(minimumDocumentFrequency: 2000)).rows.storedCount == 0)
    }

    @Test func mostFrequentTermsStayTiesByTerm() {
        let documents = [["d", "a", "c"], ["d", "b", "c"], ["d"]]
        #expect(matrix(documents, .init(maximumTermCount: 3)).terms == ["a", "c", "d"])
        #expect(matrix(documents, .init(maximumTermCount: 1)).terms == ["d"])
        #expect(matrix(documents, .init(maximumTermCount: 0)).terms.isEmpty)
    }

    @Test func nothingAtAll() {
        #expect(matrix([]).rows.rowOffsets == [0])
        #expect(matrix([[], []]).rows.rowOffsets == [0, 0, 0])
    }

    @Test func termsAreInOrderOfTheirBytes() {
        #expect(matrix([["é", "z", "b=1", "b", "A"]]).terms == ["A", "b", "b=1", "z", "é"])
    }
}
