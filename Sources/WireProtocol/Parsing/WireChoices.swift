import Spelling

/// The few words that a value may be, made once and looked up without an allocation.
package struct WireChoices<Choice: CaseIterable & RawRepresentable<String> & Sendable>: Sendable {
    package let names: [String]
    private let cases: [Choice]
    private let table: NameTable

    package init(_: Choice.Type) {
        cases = Array(Choice.allCases)
        names = cases.map(\.rawValue)
        table = NameTable(names)
    }

    func choice(_ text: WireString) -> Choice? { table.number(of: text).map { cases[$0] } }

    func nearest(to text: WireString) -> String? {
        // Nobody mistypes a word into a text of this length, and comparing costs its square.
        guard text.count <= ProtocolLimits.methodBytes else { return nil }
        return EditDistance.nearest(to: text.string, among: names)
    }
}
