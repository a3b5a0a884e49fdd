/// The last whole week in words, from facts.
package struct SummaryDocument: ArtefactDocument {
    package static let name = ArtefactName.summary

    package struct Fact: Codable, Sendable, Equatable {
        /// `revenue`, `revenue.change` ...
        package let name: String
        package let value: Double
        /// As a text may say it: `12,345`, `+4.2 %`.
        package let text: String

        package init(name: String, value: Double, text: String) {
            (self.name, self.value, self.text) = (name, value, text)
        }
    }

    /// The first and the last day.
    package let from: String
    package let to: String
    package let facts: [Fact]
    /// By rules: what happened, why, what to do.
    package let paragraphs: [String]
    /// Of a language model, checked against the facts; nil where none was asked, or `refusal` says why its text was not taken.
    package let written: [String]?
    package let model: String?
    package let refusal: String?

    package init(
        from: String, to: String, facts: [Fact], paragraphs: [String], written: [String]? = nil, model: String? = nil,
        refusal: String? = nil
    ) {
        (self.from, self.to, self.facts, self.paragraphs) = (from, to, facts, paragraphs)
        (self.written, self.model, self.refusal) = (written, model, refusal)
    }

    package var fault: String? {
        var check = DocumentCheck()
        check.name(from, "the week")
        check.name(to, "the week")
        check.count(facts.count, of: "facts")
        for fact in facts {
            check.name(fact.name, "a fact")
            check.name(fact.text, "a fact")
            check.number(fact.value, "a fact")
        }
        let texts = paragraphs + (written ?? [])
        check.count(texts.count, of: "paragraphs")
        for text in texts + [model ?? "", refusal ?? ""] { check.text(text, "a paragraph") }
        return check.fault
    }
}
