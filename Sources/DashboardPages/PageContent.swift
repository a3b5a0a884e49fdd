import Reporting

/// A filter of a page: a field of a form whose values stand in the address.
struct DashboardFilter {
    enum Kind {
        /// Values and their labels.
        case choice([(String, String)])
        case text(placeholder: String)
        /// Kept as it is.
        case hidden
    }

    let name: String
    let label: String
    let kind: Kind
    let value: String

    var markup: String {
        let id = "filter-\(name)"
        let value = Markup.escaped(value)
        switch kind {
        case .hidden: return value.isEmpty ? "" : "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\"/>"
        case .text(let placeholder):
            return "<label for=\"\(id)\">\(label)</label><input id=\"\(id)\" name=\"\(name)\" value=\"\(value)\" "
                + "placeholder=\"\(Markup.escaped(placeholder))\" autocomplete=\"off\" dir=\"auto\"/>"
        case .choice(let options):
            let choices = options.map { option in
                "<option value=\"\(Markup.escaped(option.0))\"\(option.0 == self.value ? " selected=\"selected\"" : "")>"
                    + "\(Markup.escaped(Shown.text(option.1)))</option>"
            }.joined()
            return "<label for=\"\(id)\">\(label)</label><select id=\"\(id)\" name=\"\(name)\">\(choices)</select>"
        }
    }
}

struct PageSection {
    let title: String
    /// Plain text under the title.
    var note = ""
    /// Markup: charts, sentences.
    var content = ""
    var tables: [DashboardTable] = []
}

/// What a page shows, without the frame around it. Plain text but for the sections' content.
struct PageContent {
    let title: String
    let lede: String
    var verdict: String?
    var filters: [DashboardFilter] = []
    var facts: [Fact] = []
    let sections: [PageSection]
    /// Where the next page of a long list is.
    var next: DashboardAddress?

    struct Fact {
        let name: String
        let value: String
        /// Its name among the figures that refresh themselves.
        var live: String?
        var link: String?
    }
}
