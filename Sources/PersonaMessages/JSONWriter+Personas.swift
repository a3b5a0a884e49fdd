package import Personas
package import WireProtocol

/// Personas as the methods `personas.*`, `foretaste segment personas of|query|top` and personas.jsonl tell them: the members
/// are those of Protocol/SPECIFICATION.md.
extension JSONWriter {
    package mutating func persona(_ persona: Persona) {
        beginObject()
        key("userId")
        string(persona.userId)
        key("gender")
        string(persona.gender.name)
        for (dimension, list) in persona.affinities {
            var name = dimension == .gender ? "genders" : dimension.name
            name.withUTF8 { name in unsafe key(name) }
            affinities(list, arePaths: PersonaDimension.categories.contains(dimension))
        }
        key("terms")
        affinities(persona.terms)
        key("products")
        products(persona.products)
        endObject()
    }

    package mutating func personas(_ matches: [PersonaMatch]) {
        beginObject()
        key("personas")
        beginArray()
        for match in matches {
            beginObject()
            key("userId")
            string(match.userId)
            key("gender")
            string(match.gender.name)
            key("score")
            number(match.score)
            key("parts")
            beginObject()
            key("city")
            number(match.city)
            key("brand")
            number(match.brand)
            key("generic")
            number(match.generic)
            key("category")
            number(match.category)
            endObject()
            key("products")
            products(match.products)
            key("terms")
            affinities(match.terms)
            endObject()
        }
        endArray()
        endObject()
    }

    package mutating func personaTop(_ dimension: String, _ values: [PersonaTopValue]) {
        beginObject()
        key("dimension")
        string(dimension)
        key("values")
        beginArray()
        for value in values {
            beginObject()
            key("name")
            string(value.path.last ?? "")
            population(value.share, value.userCount)
            endObject()
        }
        endArray()
        endObject()
    }

    package mutating func personaCategories(_ categories: [PersonaCategory]) {
        beginObject()
        key("dimension")
        string("category")
        key("categories")
        tree(categories)
        endObject()
    }

    private mutating func tree(_ categories: [PersonaCategory]) {
        beginArray()
        for category in categories {
            beginObject()
            key("name")
            string(category.name)
            population(category.share, category.userCount)
            key("categories")
            tree(category.children)
            endObject()
        }
        endArray()
    }

    private mutating func population(_ share: Float, _ userCount: Int) {
        key("share")
        number(share)
        key("users")
        integer(userCount)
    }

    private mutating func affinities(_ list: [PersonaAffinity], arePaths: Bool = false) {
        beginArray()
        for affinity in list {
            beginObject()
            if arePaths {
                key("path")
                beginArray()
                for name in affinity.path { string(name) }
                endArray()
            } else {
                key("name")
                string(affinity.path.first ?? "")
            }
            key("share")
            number(affinity.share)
            endObject()
        }
        endArray()
    }

    private mutating func products(_ products: [PersonaProduct]) {
        beginArray()
        for product in products {
            beginObject()
            key("itemId")
            string(product.id)
            if !product.title.isEmpty {
                key("title")
                string(product.title)
            }
            key("weight")
            integer(Int(product.weight))
            endObject()
        }
        endArray()
    }
}
