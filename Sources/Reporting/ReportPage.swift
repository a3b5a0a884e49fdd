/// One page without scripts and without anything from elsewhere, for light and dark screens, phones and paper.
package struct ReportPage {
    package struct Section {
        let title: String
        /// Markup of the sentence under the title.
        let note: String
        /// Markup.
        let content: String

        package init(title: String, note: String, content: String) {
            self.title = title
            self.note = note
            self.content = content
        }
    }

    let title: String
    /// Markup of the paragraph under the title.
    let lede: String
    /// Plain text: what the page comes to; nil where it only tells.
    let verdict: String?
    /// Plain text: the figures that a hurried reader takes along.
    let facts: [(name: String, value: String)]
    let sections: [Section]

    package init(
        title: String, lede: String, verdict: String? = nil, facts: [(name: String, value: String)],
        sections: [Section]
    ) {
        self.title = title
        self.lede = lede
        self.verdict = verdict
        self.facts = facts
        self.sections = sections
    }

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>\(Markup.escaped(title))</title>
        <style>
        \(PageStyle.sheet)
        </style>
        </head>
        <body>
        <main>
        <header>
        <h1>\(Markup.escaped(title))</h1>
        <p>\(lede)</p>
        \(verdict.map { "<p class=\"verdict\">\(Markup.escaped($0))</p>" } ?? "")
        </header>
        \(factList)
        \(sections.map(Self.markup).joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private var factList: String {
        "<dl class=\"facts\">"
            + facts.map { "<div><dt>\(Markup.escaped($0.name))</dt><dd>\(Markup.escaped($0.value))</dd></div>" }
            .joined()
            + "</dl>"
    }

    private static func markup(_ section: Section) -> String {
        """
        <section>
        <h2>\(Markup.escaped(section.title))</h2>
        <p class="note">\(section.note)</p>
        \(section.content)
        </section>
        """
    }
}
