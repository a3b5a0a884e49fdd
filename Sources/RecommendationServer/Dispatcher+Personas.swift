import PersonaMessages
import Personas
import WireProtocol

extension Dispatcher {
    func answerPersona(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try PersonasOfParameters(request)
        let store = try personas()
        guard let user = store.user(parameters.userId.string) else {
            throw WireError(
                .personaNotFound,
                "There is no persona of this user. A user has one from the first event on; add new events with "
                    + "'foretaste segment personas --previous' and restart the server.", field: "params.userId")
        }
        let persona = store.persona(user, count: parameters.count)
        writer.beginReply(to: request)
        writer.persona(persona)
    }

    func queryPersonas(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try PersonasQueryParameters(request)
        let store = try personas()
        var filter = PersonaFilter()
        filter.gender = parameters.gender.map(\.string)
        filter.cityTier = parameters.cityTier.map(\.string)
        filter.brand = parameters.brand.map(\.string)
        filter.generic = parameters.generic.map(\.string)
        filter.category1 = parameters.category1.map(\.string)
        filter.category2 = parameters.category2.map(\.string)
        filter.category3 = parameters.category3.map(\.string)
        let matches: [PersonaMatch]
        do throws(PersonaFilterError) {
            matches = try store.query(filter, count: parameters.count)
        } catch {
            throw WireError(.badField, error.text, field: "params.\(error.field)", nearest: error.nearest)
        }
        writer.beginReply(to: request)
        writer.personas(matches)
    }

    func listPersonaTop(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try PersonasTopParameters(request)
        let store = try personas()
        let list = PersonaTopList(parameters.dimension)
        let count = parameters.count ?? list.defaultCount
        guard let dimension = list.dimension else {
            let tree = store.categoryTree(count: count)
            writer.beginReply(to: request)
            writer.personaCategories(tree)
            return
        }
        let values = store.top(dimension, count: count)
        writer.beginReply(to: request)
        writer.personaTop(list.rawValue, values)
    }

    private func personas() throws(WireError) -> PersonaStore {
        guard let store = loop.personas else {
            throw WireError(
                .noPersonas,
                "This server has no personas: make them with 'foretaste segment personas' and start the server with "
                    + "--personas DIR.")
        }
        return store
    }
}

extension PersonaTopList {
    fileprivate init(_ kind: PersonaListKind) {
        self =
            switch kind {
            case .brand: .brand
            case .generic: .generic
            case .category: .category
            case .cityTier: .cityTier
            case .channel: .channel
            }
    }
}
