import HybridBlending
import RecommendationService
import Testing

@Suite struct FilterTests {
    private static let rms = (Double(1 + 4 + 9 + 16 + 25) / 5).squareRoot()

    /// The user has item 0, which links to items 1 ... 5 by 1 ... 5; items 6 ... 9 are known only as popular.
    private func catalogue() -> SampleCatalogue {
        var catalogue = SampleCatalogue(itemCount: 10)
        catalogue.hasVector = Array(repeating: false, count: 10)
        for item in 1...5 { catalogue.collaborative[0][item] = Float(item) }
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)], []]
        return catalogue
    }

    private func answer(
        _ catalogue: SampleCatalogue? = nil, user: String = "u0000", _ change: (inout RecommendationOptions) -> Void
    ) throws -> Recommendation {
        var options = RecommendationOptions(count: 4)
        change(&options)
        return try (catalogue ?? self.catalogue()).recommender().recommend(
            for: UserEvidence(userId: user), options: options)
    }

    private func indexes(_ answer: Recommendation) -> [Int] { answer.items.map { $0.item.index } }

    @Test func seenItemsStayOutUnlessAskedFor() throws {
        var catalogue = catalogue()
        catalogue.histories[0].append(.init(item: 5, weight: 1, time: 1))
        catalogue.collaborative[5][0] = 9
        let without = try answer(catalogue) { $0.count = 20 }
        #expect(indexes(without) == [4, 3, 2, 1, 6, 7, 8, 9])
        let with = try answer(catalogue) {
            $0.count = 20
            $0.excludeSeen = false
        }
        #expect(indexes(with) == [0, 5, 4, 3, 2, 1, 6, 7, 8, 9])
    }

    @Test func whatIsScoredBelowZeroComesLast() throws {
        // Item 0 speaks against 1 and 2, which are the most popular ones.
        var catalogue = SampleCatalogue(itemCount: 6)
        catalogue.collaborative[0] = [0, -1, -1, 2, 0, 0]
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let answer = try answer(catalogue) { $0.count = 9 }
        #expect(indexes(answer) == [3, 4, 5, 1, 2])
        #expect(indexes(try self.answer(catalogue) { $0.count = 3 }) == [3, 4, 5])
    }

    @Test func aDislikedItemThatMayComeComesLast() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.histories = [[.init(item: 0, weight: -2, time: 1)]]
        let answer = try answer(catalogue) {
            $0.count = 9
            $0.excludeSeen = false
        }
        #expect(indexes(answer) == [1, 2, 3, 0])
    }

    @Test func anItemBelowTheSmallestScoreDoesNotComeBackAsFallback() throws {
        // Scores of 5 ... 1 in units of their root mean square, 3.3166: 1 gives 0.30, 2 gives 0.60.
        let answer = try answer {
            $0.count = 20
            $0.minScore = 0.1
            $0.weights = BlendWeights(content: 0, collaborative: 0.3, fallback: 1)
        }
        #expect(!indexes(answer).contains(1))
        #expect(indexes(answer).prefix(4) == [5, 4, 3, 2])
    }

    @Test func excludedBestItemsNeverShortenTheList() throws {
        let answer = try answer { $0.excludeIds = ["i0005", "i0004", "i0006", "no such item", ""] }
        #expect(indexes(answer) == [3, 2, 1, 7])
        #expect(answer.items.map(\.source) == [.collaborative, .collaborative, .collaborative, .fallback])
        #expect(answer.fallbackUsed)
    }

    @Test func theScaleIsThatOfTheCandidatesThatAreLeft() throws {
        // Of 1 and 2 alone: rms = sqrt(5 / 2). No text: the whole weight is collaborative.
        let answer = try answer {
            $0.excludeIds = ["i0005", "i0004", "i0003"]
            $0.strict = true
        }
        #expect(indexes(answer) == [2, 1])
        #expect(abs(Double(answer.items[0].score) - 2 / 2.5.squareRoot()) < 1e-6)
    }

    @Test func everythingExcludedIsAnEmptyAnswer() throws {
        let answer = try answer { $0.excludeIds = (0..<10).map(SampleCatalogue.itemId) }
        #expect(answer.items.isEmpty)
        #expect(!answer.fallbackUsed)
    }

    @Test func aStrictAnswerIsNotFilledUp() throws {
        let answer = try answer {
            $0.strict = true
            $0.count = 9
        }
        #expect(indexes(answer) == [5, 4, 3, 2, 1])
        #expect(!answer.fallbackUsed)
        #expect(try self.answer(user: "u0001") { $0.strict = true }.items.isEmpty)
    }

    @Test func fullListsUseNoFallback() throws {
        let answer = try answer { $0.count = 5 }
        #expect(indexes(answer) == [5, 4, 3, 2, 1])
        #expect(!answer.fallbackUsed)
        for (item, link) in zip(answer.items, [5.0, 4, 3, 2, 1]) {
            #expect(abs(Double(item.score) - link / Self.rms) < 1e-6)
        }
    }

    @Test func aSmallestScoreHoldsForPersonalAndFallbackItems() throws {
        // Fallback scores are .3 · (.70 + .25) · (10 - item) / 10: items 6 to 9 have .114, .0855, .057, .0285.
        let low = try answer {
            $0.count = 10
            $0.minScore = 0.06
        }
        #expect(indexes(low) == [5, 4, 3, 2, 1, 6, 7])
        #expect(abs(low.items[5].score - 0.114) < 1e-6)
        #expect(abs(low.items[6].score - 0.0855) < 1e-6)
        // 3 / rms = .905, 2 / rms = .603
        let high = try answer {
            $0.count = 10
            $0.minScore = 0.9
        }
        #expect(indexes(high) == [5, 4, 3])
        let negative = try answer {
            $0.count = 10
            $0.minScore = -1
        }
        #expect(indexes(negative) == [5, 4, 3, 2, 1, 6, 7, 8, 9])
        let tooHigh = try answer { $0.minScore = .greatestFiniteMagnitude }
        #expect(tooHigh.items.isEmpty)
    }

    @Test func aScoreEqualToTheSmallestStays() throws {
        let score = try answer { $0.count = 2 }.items[1].score
        let kept = try answer {
            $0.strict = true
            $0.minScore = score
        }
        #expect(indexes(kept) == [5, 4])
        let dropped = try answer {
            $0.strict = true
            $0.minScore = score.nextUp
        }
        #expect(indexes(dropped) == [5])
    }

    @Test func strangersGetTheFallback() throws {
        for user in ["u0001", "nobody"] {
            let answer = try answer(user: user) { _ in }
            #expect(indexes(answer) == [0, 1, 2, 3])
            #expect(answer.items.allSatisfy { $0.source == .fallback && $0.contributions == .none })
            #expect(answer.fallbackUsed)
            #expect(answer.userState.known == (user == "u0001"))
            #expect(answer.userState.usedItemCount == 0)
            #expect(abs(answer.items[0].score - 0.3 * 0.95) < 1e-6)
        }
    }

    @Test func aUserWithEverythingSeenGetsAnEmptyAnswer() throws {
        var catalogue = catalogue()
        catalogue.histories[0] = (0..<10).map { .init(item: $0, weight: 1, time: 1) }
        let answer = try answer(catalogue) { _ in }
        #expect(answer.items.isEmpty)
        #expect(answer.userState.usedItemCount == 10)
        #expect(!answer.fallbackUsed)
    }

    @Test func fallbackItemsOfEqualScoreComeByIndexAndZeroIsAllowed() throws {
        var catalogue = catalogue()
        catalogue.popularity = [0, 0, 5, 0, 5, 0, 0, 0, 0, 0]
        catalogue.recent = catalogue.popularity
        let answer = try answer(catalogue, user: "nobody") { $0.count = 10 }
        #expect(indexes(answer) == [2, 4, 0, 1, 3, 5, 6, 7, 8, 9])
        #expect(answer.items[2].score == 0)
    }
}
