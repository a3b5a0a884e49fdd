import RecommendationService
import WireProtocol

// Several rows of one page in one request, no item twice:
//
//     rows in order ─▶ question of the row, without what rows before it show ─▶ its result, or its own error

/// One row: its name, and one question with the parameters of that method.
struct CompositeRow {
    var name = WireString.empty
    /// Nil until it is read.
    var question: (any ListQuestion)?
    /// Where its parameters stand in the request, such as `params.rows[0].user`.
    var path = ""

    private static let questions = "user, item, session, basket, popular, rank, again"

    static let declared = ParameterSet<Self>([
        .name("name", maximumBytes: ProtocolLimits.fieldNameBytes, required: "Name the row (name).") { $0.name = $1 },
        question("user", RecommendUserParameters.self),
        question("item", RecommendItemParameters.self),
        question("session", RecommendSessionParameters.self),
        question("basket", RecommendBasketParameters.self),
        question("popular", RecommendPopularParameters.self),
        question("rank", RecommendRankParameters.self),
        question("again", RecommendAgainParameters.self),
    ])

    private static func question<Parameters: ListQuestion>(
        _ name: StaticString, _: Parameters.Type
    ) -> Parameter<Self> {
        Parameter(name, .object(Parameters.declared.descriptions)) { value, row throws(WireError) in
            guard row.question == nil else { throw value.error("A row has one question, and this is its second.") }
            row.path = value.error("").field ?? ""
            var parameters = Parameters()
            do throws(WireError) {
                try Parameters.declared.read(try value.parameters(), into: &parameters)
                try parameters.check()
            } catch {
                throw row.placed(error)
            }
            row.question = parameters
        }
    }

    init() {}

    init(_ value: FieldValue) throws(WireError) {
        try Self.declared.read(try value.object(), into: &self)
        if question == nil { throw value.error("Ask a question in the row: one of \(Self.questions).") }
    }

    /// The error, with the place of the parameter in the whole request.
    func placed(_ error: WireError) -> WireError {
        guard let field = error.field, field.hasPrefix("params") else { return error }
        var error = error
        error.field = path + field.dropFirst("params".count)
        return error
    }
}

/// `recommend.composite`. Borrowed: valid while the request is lent.
struct RecommendCompositeParameters: MethodParameters {
    var rows: [CompositeRow] = []

    private static let request = "List the rows of the page (rows), 1 to \(ProtocolLimits.compositeRows)."

    static let declared = ParameterSet<Self>([
        Parameter(
            "rows", .list(of: .object(CompositeRow.declared.descriptions), maximumCount: ProtocolLimits.compositeRows),
            required: request
        ) { value, target throws(WireError) in
            var elements = try value.elements(maximumCount: ProtocolLimits.compositeRows)
            while let element = try elements.next() {
                let row = try CompositeRow(element)
                if target.rows.contains(where: { $0.name == row.name }) {
                    throw element.error("Two rows have this name.")
                }
                target.rows.append(row)
            }
        }
    ])

    func check() throws(WireError) {
        if rows.isEmpty { throw WireError(.badField, Self.request, field: "params.rows") }
        try check(rows.reduce(0) { $0 + ($1.question?.mostItems ?? 0) }, "ask for", ProtocolLimits.compositeItems)
        try check(rows.reduce(0) { $0 + ($1.question?.namedItems ?? 0) }, "name", ProtocolLimits.compositeNamedItems)
    }

    private func check(_ count: Int, _ verb: String, _ limit: Int) throws(WireError) {
        guard count > limit else { return }
        throw WireError(
            .countOutOfRange, "The rows \(verb) \(count) items together; at most \(limit) are allowed.",
            field: "params.rows", maximum: limit)
    }
}

extension ServiceMethod {
    static let recommendComposite = ServiceMethod(
        "recommend.composite", cost: .ranking, traits: [.partial, .browser], "The rows of a page, no item twice."
    ) {
        (parameters: RecommendCompositeParameters, context, writer) throws(WireError) in
        var shown: [String] = []
        writer.beginRows()
        for row in parameters.rows {
            guard let question = row.question else { continue }
            unsafe writer.beginRow(row.name.bytes)
            // The rows that there was time for are worth having.
            if !shown.isEmpty, context.isOverdue {
                context.quality = .partial
                writer.errorMember(.deadlinePassed)
            } else {
                write(question, of: row, without: &shown, context, &writer)
            }
            writer.endRow()
        }
        writer.endRows()
    }

    private static func write(
        _ question: any ListQuestion, of row: CompositeRow, without shown: inout [String],
        _ context: ServiceContext, _ writer: inout JSONWriter
    ) {
        do throws(WireError) {
            let answer = try question.answer(context, without: shown)
            writer.beginRowResult()
            RecommendationResult(context, question.common, fallbackReason: question.fallbackReason)
                .write(answer, &writer)
            shown += answer.items.map { context.view.idString(of: $0.item) }
        } catch {
            writer.errorMember(row.placed(error))
        }
    }
}
