import AnalyticsArtefacts
import CommandLineInterface
import LanguageModels
import Summaries

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A summary in a language model's words, where one is asked for and keeps to the facts.
enum WrittenSummary {
    static let keyVariable = "FORETASTE_LLM_KEY"

    static let options: [CommandOption] = [
        .value(
            "llm", "URL",
            help:
                "Have the week's text written by a language model: a chat-completions address, or Gemini's :generateContent. The "
                + "facts are sent, never an id of a person. A text with a number that is not among them is refused. The key is "
                + "taken from \(keyVariable)."),
        .value("llm-model", "NAME", help: "The model's name, for chat completions."),
        .value("llm-timeout", "SECONDS", default: "60", help: "How long to wait for it."),
    ]

    /// Nil where none is asked for. Wrong use is refused before any work.
    static func model(_ parsed: ParsedCommand) throws -> LanguageModel? {
        guard let url = parsed.optionalString("llm") else {
            for option in ["llm-model", "llm-timeout"] where parsed.isGiven(option) {
                throw UsageError(
                    code: .missingOption, operation: parsed.operation, text: "'--\(option)' needs '--llm' too.")
            }
            return nil
        }
        let name = parsed.optionalString("llm-model")
        let timeoutSeconds = try parsed.integer("llm-timeout", in: 1...3600)
        let model: LanguageModel
        do throws(LanguageModel.Failure) {
            model = try LanguageModel(url: url, name: name ?? "", key: key, timeoutSeconds: timeoutSeconds)
        } catch {
            throw parsed.refusal("llm", value: url, expected: error.reason)
        }
        guard name != nil || model.form == .generateContent else {
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--llm' of chat completions needs '--llm-model NAME' too.")
        }
        return model
    }

    private static var key: String? {
        // SAFETY: the program sets no environment variable, so the text outlives the copy made here.
        guard let value = unsafe getenv(keyVariable) else { return nil }
        return unsafe String(cString: value)
    }

    /// The summary with the model's text, or with the reason why that was not taken.
    static func adding(_ model: LanguageModel?, name: String?, to facts: SummaryFacts) -> SummaryDocument {
        guard let model else { return facts.document }
        let draft = SummaryDraft(facts)
        do throws(LanguageModel.Failure) {
            let text = try model.answer(instruction: SummaryDraft.instruction, question: draft.question)
            return draft.document(text: text, model: name ?? model.url)
        } catch {
            return draft.document(
                refusal: "the language model was not to be had: \(error.reason)", model: name ?? model.url)
        }
    }
}
