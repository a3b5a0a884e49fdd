import LinearAlgebra
import RecommendationIndex
import RecommendationService
import Testing

/// What segments change in answers.
@Suite struct SegmentTests {
    /// Six items, everybody's favourite first; segment 1 likes items 4 and 3 and nothing else is in its lists.
    private func catalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.histories = [[.init(item: 0, weight: 1)], []]
        var lists = IndexLists()
        for segment in 0..<2 {
            for kind in SegmentList.allCases {
                let items: [Int32] = kind == .trending ? [5] : [4, 3]
                lists.append(segment == 1 ? items : [])
            }
        }
        catalogue.segments = SegmentContents(
            names: ["quiet", "keen"], memberIds: ["stranger", "u0000", "u0001"], segments: [1, 0, 1], lists: lists,
            scores: [0.9, 0.8, 0.9, 0.8, 0.7, 0.9, 0.8])
        return catalogue
    }

    private func answer(_ user: String?, _ count: Int, strict: Bool = false) throws -> Recommendation {
        var options = RecommendationOptions(count: count)
        options.strict = strict
        return try catalogue().recommender().recommend(for: UserEvidence(userId: user), options: options)
    }

    @Test func aMembersListIsFilledUpFromTheSegment() throws {
        let list = try answer("u0001", 2)
        #expect(list.items.map(\.item) == [4, 3] && list.segment == 1)
        #expect(list.items.map(\.score) == [Float(0.3) * 0.9, Float(0.3) * 0.8])
        #expect(list.items.allSatisfy { $0.source == .fallback })
        // Somebody the index knows from the segments alone.
        #expect(try answer("stranger", 2).items.map(\.item) == [4, 3])
    }

    @Test func everybodysListGoesOnBelow() throws {
        let list = try answer("u0001", 6)
        #expect(list.items.map(\.item) == [4, 3, 0, 1, 2, 5])
        #expect(zip(list.items, list.items.dropFirst()).allSatisfy { $0.score >= $1.score })
        // Nobody is in the lists of an empty segment.
        #expect(try answer("u0000", 3).items.map(\.item) == [1, 2, 3])
    }

    @Test func othersGetEverybodysList() throws {
        let list = try answer("nobody", 2)
        #expect(list.items.map(\.item) == [0, 1] && list.segment == nil)
        #expect(try answer(nil, 2).segment == nil)
        #expect(try answer("u0001", 2, strict: true).segment == nil)
    }

    @Test func oneMembersSegmentIsNotTheNextOnes() throws {
        let recommender = try catalogue().recommender()
        let options = RecommendationOptions(count: 2)
        _ = recommender.recommend(for: UserEvidence(userId: "u0001"), options: options)
        #expect(
            recommender.recommend(for: UserEvidence(userId: nil), options: options).items.map(\.item) == [0, 1])
        _ = recommender.recommend(for: UserEvidence(userId: "u0001"), options: options)
        #expect(recommender.recommend(similarTo: 0, options: options).items.map(\.item) == [1, 2])
        _ = recommender.recommend(for: UserEvidence(userId: "u0001"), options: options)
        #expect(recommender.recommend(session: [], options: options).items.map(\.item) == [0, 1])
    }

    @Test func popularInASegment() throws {
        let recommender = try catalogue().recommender()
        func items(_ kind: PopularityKind, _ segment: Int, _ exclude: [String] = []) -> [ItemNumber] {
            var options = RecommendationOptions(count: 5)
            options.excludeIds = exclude
            return recommender.popular(kind, segment: segment, options: options).items.map(\.item)
        }
        #expect(items(.popular, 1) == [4, 3] && items(.recent, 1) == [4, 3] && items(.trending, 1) == [5])
        #expect(items(.popular, 1, ["i0004"]) == [3])
        #expect(items(.popular, 0) == [])
    }

    @Test func membersComePageByPage() throws {
        let segments = try #require(CatalogView(try catalogue().serving()).segments)
        #expect(segments.members(ofSegment: 1, after: nil, count: 1) == [0])
        #expect(segments.members(ofSegment: 1, after: "stranger", count: 5) == [2])
        #expect(segments.members(ofSegment: 1, after: "t", count: 5) == [2])
        #expect(segments.members(ofSegment: 1, after: "u0001", count: 5) == [])
        #expect(segments.memberCount(ofSegment: 0) == 1 && segments.memberCount == 3)
        #expect(segments.segment(named: "keen") == 1 && segments.segment(named: "kee") == nil)
        #expect(segments.model == nil && segments.values(ofMember: 0) == nil)
    }
}
