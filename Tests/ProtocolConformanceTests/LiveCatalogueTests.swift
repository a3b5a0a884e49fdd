import Interactions
import RecommendationService
import TestSupport
import Testing

/// What is published reaches the next request on every connection, by every method.
@Suite struct LiveCatalogueTests {
    private func ids(_ reply: JSON) -> [String] {
        (reply["result"]?["items"]?.elements ?? []).compactMap { $0["id"]?.text }
    }

    @Test func itemsComeAndGoBetweenTwoRequests() throws {
        let server = try InProcessServer(indexPath: try ConformanceShop.shared.get().shop.indexPath)
        let connection = server.connect()
        let popular = #"{"id":1,"method":"recommend.popular","params":{"count":3,"fields":["title"]}}"#
        let first = ids(try connection.ask(popular))
        var builder = CatalogOverlayBuilder(server.serving)
        var item = NewItem(id: "brand-new")
        item.properties = [.init("title", .string("A kite"))]
        item.scores.popular = 1_000_000
        let hidden = try #require(builder.item(first[0]))
        let changed = try #require(builder.item(first[1]))
        item.content = NewItem.Links(outgoing: [ItemLink(changed, 1), ItemLink(hidden, 2)])
        try builder.put(item)
        try builder.setAvailability(.never, of: hidden)
        try builder.setProperties([.init("title", .string("Renamed"))], of: changed)
        let similar = #"{"id":2,"method":"recommend.item","params":{"itemId":"brand-new","count":1,"explain":"full"}}"#
        #expect(try connection.ask(similar)["error"]?["reason"]?.text == "ITEM_NOT_FOUND")
        server.serving.live.publish(builder.snapshot())
        // A connection that was open, and one that was not.
        for connection in [connection, server.connect()] {
            let reply = try connection.ask(popular)
            #expect(ids(reply) == ["brand-new", first[1], first[2]])
            let items = reply["result"]?["items"]?.elements ?? []
            #expect(items.prefix(2).map { $0["fields"]?["title"]?.text } == ["A kite", "Renamed"])
            let like = try connection.ask(similar)
            #expect(ids(like) == [first[1]])
            #expect(
                like["result"]?["items"]?.elements?.first?["because"]?.elements?.first?["itemId"]?.text == "brand-new")
        }
        server.serving.live.publish(nil)
        #expect(ids(try connection.ask(popular)) == first)
    }

    @Test func anErasedPersonIsNobodyByAnyMethod() throws {
        let shop = try ConformanceShop.shared.get().shop
        let personas = try shop.personas()
        let server = try InProcessServer(indexPath: shop.indexPath, personasPath: personas)
        let connection = server.connect()
        let list = try connection.ask(#"{"id":1,"method":"segments.list"}"#)
        let segment = try #require(
            list["result"]?["segments"]?.elements?.first { $0["memberCount"]?.number ?? 0 > 1 }?["segment"]?.text)
        let page = #"{"id":2,"method":"segments.members","params":{"segment":"\#(segment)","count":1}}"#
        let member = try #require(try connection.ask(page)["result"]?["members"]?.elements?.first?.text)
        let query = #"{"id":3,"method":"personas.query","params":{"count":1}}"#
        let match = try #require(try connection.ask(query)["result"]?["personas"]?.elements?.first?["userId"]?.text)
        var builder = CatalogOverlayBuilder(server.serving)
        builder.erase(userId: member)
        builder.erase(userId: match)
        server.serving.live.publish(builder.snapshot())

        func reason(_ method: String, _ member: String, _ id: String) throws -> String? {
            try connection.ask(#"{"id":4,"method":"\#(method)","params":{"\#(member)":"\#(id)"}}"#)["error"]?["reason"]?
                .text
        }
        #expect(try reason("segments.of", "customerId", member) == "MEMBER_NOT_FOUND")
        #expect(try reason("personas.of", "userId", match) == "PERSONA_NOT_FOUND")
        #expect(try connection.ask(page)["result"]?["members"]?.elements?.first?.text != member)
        #expect(try connection.ask(query)["result"]?["personas"]?.elements?.first?["userId"]?.text != match)
        let count = list["result"]?["memberCount"]?.number ?? 0
        let left = try connection.ask(#"{"id":5,"method":"segments.list"}"#)["result"]?["memberCount"]?.number ?? 0
        #expect((1...2).contains(count - left))
        let answer = try connection.ask(#"{"id":6,"method":"recommend.user","params":{"userId":"\#(member)"}}"#)
        #expect(answer["result"]?["userState"]?["known"] == .boolean(false))
    }
}
