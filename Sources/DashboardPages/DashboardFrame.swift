import Reporting
import ServiceMethods

/// A whole page: what is on it, within the navigation.
struct DashboardFrame {
    private let page: DashboardPage?
    private let content: PageContent
    private let address: DashboardAddress
    private let stamp: String

    /// - Parameter page: nil of a page that there is not.
    init(_ page: DashboardPage?, _ content: PageContent, _ address: DashboardAddress, _ stamp: String) {
        (self.page, self.content, self.address, self.stamp) = (page, content, address, stamp)
    }

    var bytes: [UInt8] { Array(html.utf8) }

    private var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>\(Markup.escaped(Shown.text(content.title))) - Foretaste</title>
        <link rel="stylesheet" href="\(Dashboard.path)/style.css"/>
        <link rel="icon" href="data:,"/>
        <script src="\(Dashboard.path)/script.js" defer="defer"></script>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <nav aria-label="Pages"><strong>Foretaste</strong><ul>\(links)</ul></nav>
        <main id="content" tabindex="-1">
        <header>
        <h1><bdi>\(Markup.escaped(Shown.text(content.title)))</bdi></h1>
        <p>\(Markup.escaped(content.lede))</p>
        \(content.verdict.map { "<p class=\"verdict\">\(Markup.escaped($0))</p>" } ?? "")
        </header>
        \(form)
        \(facts)
        \(content.sections.map(section).joined(separator: "\n"))
        \(content.next.map { "<p><a class=\"next\" rel=\"next\" href=\"\(Markup.escaped($0.text))\">Next page</a></p>" } ?? "")
        <footer>\(Markup.escaped(stamp)) Foretaste \(ServiceContext.serverVersion).</footer>
        </main>
        </body>
        </html>

        """
    }

    private var links: String {
        DashboardPage.navigation.map { other in
            let current = other == page ? " aria-current=\"page\"" : ""
            return "<li><a href=\"\(other.path)\"\(current)>\(other.title)</a></li>"
        }.joined()
    }

    private var form: String {
        guard content.filters.contains(where: { if case .hidden = $0.kind { false } else { true } }) else { return "" }
        return "<form class=\"filters\" method=\"get\" action=\"\(page?.path ?? Dashboard.path)\" role=\"search\">"
            + content.filters.map { "<div>\($0.markup)</div>" }.joined()
            + "<div><button type=\"submit\">Show</button></div></form>"
    }

    private var facts: String {
        guard !content.facts.isEmpty else { return "" }
        return "<dl class=\"facts\">"
            + content.facts.map { fact in
                let live = fact.live.map { " data-live=\"\($0)\"" } ?? ""
                var value = "<span\(live)><bdi>\(Markup.escaped(fact.value))</bdi></span>"
                if let link = fact.link { value = "<a href=\"\(Markup.escaped(link))\">\(value)</a>" }
                return "<div><dt>\(Markup.escaped(fact.name))</dt><dd>\(value)</dd></div>"
            }.joined() + "</dl>"
    }

    private func section(_ section: PageSection) -> String {
        """
        <section>
        <h2><bdi>\(Markup.escaped(Shown.text(section.title)))</bdi></h2>
        \(section.note.isEmpty ? "" : "<p class=\"note\">\(Markup.escaped(section.note))</p>")
        \(section.content)
        \(section.tables.map { $0.markup(address) }.joined(separator: "\n"))
        </section>
        """
    }
}
