import ScoringKernels
import Testing

@Suite struct AdmissionTests {
    @Test func anItemJoinsTheHistoryOnce() {
        var admission = Admission(itemCount: 20, capacity: 32) { _ in [.hasContent] }
        let first = admission.join(3, mayJoin: true, isSeen: true)
        let again = admission.join(3, mayJoin: true, isSeen: true)
        let unseen = admission.join(4, mayJoin: true, isSeen: false)
        // Of a full history what is seen still stays out.
        let late = admission.join(5, mayJoin: false, isSeen: true)
        let neither = admission.join(6, mayJoin: false, isSeen: false)
        #expect([first, again, unseen, late, neither] == [true, false, true, false, false])
        let flags = (3...6).map { admission[$0] }
        #expect(
            flags == [
                [.hasContent, .inHistory, .seen], [.hasContent, .inHistory], [.hasContent, .seen], [.hasContent],
            ])
        admission.reset()
        let kept = (3...6).map { admission[$0] }
        #expect(kept.allSatisfy { $0 == [.hasContent] })
        let next = admission.join(3, mayJoin: true, isSeen: false)
        #expect(next)
    }

    /// Every reason refuses, alone, and what is known of an item does not.
    @Test func eachReasonRefuses() {
        var admission = Admission(itemCount: 4, capacity: 16) { _ in [.hasContent, .hasCollaborative] }
        for reason: ItemFlags in [.seen, .excluded, .notListed] {
            admission.mark(1, reason)
            let whileMarked = admission.allows(1)
            admission.reset()
            let afterwards = admission.allows(1)
            #expect(!whileMarked && afterwards)
        }
        admission.mark(1, .inHistory)
        let ofHistory = admission.allows(1)
        admission.setKnown(2, .hidden)
        admission.reset()
        let hidden = admission.allows(2)
        #expect(ofHistory && !hidden)
    }

    /// A component's silence is evidence where it knows the item and anything of the history.
    @Test func evidenceIsMissingWhereNothingIsKnown() {
        var scores = CandidateScores(itemCount: 4)
        var admission = Admission(itemCount: 4, capacity: scores.format.columnLimit) { item in
            [[], [.hasContent], [.hasCollaborative], [.hasContent, .hasCollaborative]][item]
        }
        admission.mark(3, .seen)
        for item: Int32 in 0..<4 {
            let evidence = scores.evidence(of: item, admission)
            #expect(evidence.content.isNaN && evidence.collaborative.isNaN)
        }
        scores.add(0.5, to: .content, of: 0)
        let scored = scores.evidence(of: 0, admission)
        #expect(scored.content == 0.5 && scored.collaborative.isNaN)
        let silent = scores.evidence(of: 1, admission)
        #expect(silent.content == 0 && silent.collaborative.isNaN)
        let unknown = scores.evidence(of: 2, admission)
        #expect(unknown.content.isNaN && unknown.collaborative.isNaN)
        scores.add(-2, to: .collaborative, of: 1)
        let disliked = scores.evidence(of: 1, admission)
        #expect(disliked.collaborative == -2)
        let both = scores.evidence(of: 3, admission)
        #expect(both.content == 0 && both.collaborative == 0)
    }
}
