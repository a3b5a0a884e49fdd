import CommandLineInterface
import Interactions
import Prediction

/// `foretaste analyse predict`
enum PredictCommand {
    static let command = Command(
        name: "analyse predict", summary: "Learn from a table whether something will happen, or foretell it.",
        discussion: """
            With --outcome it learns from the rows of a table: which of them had the outcome, by the other columns. Models \
            are judged on rows that they were not made from: by folds, by the latest rows (--time), or each period by a \
            model of those before it (--period). A column that tells the outcome by itself is refused, because it was most \
            likely measured after it; --accept keeps it. The model is then made from all rows, and its probabilities are \
            calibrated.

            Writes prediction_model.json, model_card.md, evaluation.json, predictions.csv (what was foretold of rows that \
            the model had not seen) and importances.csv into the directory. With --model it foretells instead, and writes \
            scores.csv: the probability of each row and what moved it.
            """,
        options: [
            .required("table", "FILE", help: "A row per visit, user or whatever it is: \(ReadingOptions.accepted)."),
            .value(
                "outcome", "COLUMN",
                help: "What to foretell: true or false, 1 or 0, or two words. With --model: judges the model."),
            .value("positive", "WORD", help: "Which of the outcome's two words is the one to foretell."),
            .value("model", "FILE", help: "A model of an earlier run, to foretell with."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                PredictionFiles.names),
            .value("features", "A,B", help: "Columns to foretell from. Default: all that can be used."),
            .value("without", "A,B", help: "Columns to leave out."),
            .value("accept", "A,B", help: "Columns to keep though they tell the outcome by themselves."),
            .value(
                "types", "MAP",
                help:
                    "What columns are: Browser=text,Bounce=number. Codes are better read as text. Default: told by the cells."
            ),
            .value("id", "COLUMN", help: "The rows' ids, for the files. Default: the number of the row."),
            .value("user", "COLUMN", help: "Rows of one user are never on both sides of a random split."),
            .value("time", "COLUMN", help: "When rows were: the latest are foretold from the earlier ones."),
            .value(
                "period", "COLUMN", help: "A number, a month or any name: each period is foretold from those before it."
            ),
            .value("folds", "N", default: "10", help: "Random parts, where there is neither time nor period."),
            .value("test-share", "SHARE", default: "25%", help: "With --time, the latest rows that are foretold."),
            .value(
                "learners", "A,B", default: "boosting",
                help:
                    "logistic (regression), forest (random), boosting (of trees); of several, the one with the lowest log loss is kept."
            ),
            .value(
                "class-weights", "HOW", default: "none",
                help: "balanced: both outcomes weigh the same in training; probabilities are calibrated afterwards."),
            .value(
                "calibration", "HOW", default: "auto",
                help: "isotonic, platt, none, or auto: isotonic where both outcomes are frequent, else platt."),
            .value(
                "validation-share", "SHARE", default: "20%",
                help: "Of the training rows, those that stop and calibrate."),
            .value(
                "cost-miss", "COST",
                help: "Of an outcome that was not foretold. Default: the threshold of the greatest F1."),
            .value("cost-false-alarm", "COST", help: "Of one that was foretold and did not come."),
            .value("l2", "STRENGTH", default: "1", help: "Of logistic regression: the penalty on squared weights."),
            .value("trees", "N", default: "300", help: "Of a forest."),
            .value("reasons", "N", default: "3", help: "With --model, how many columns that moved a row are written."),
            .value("seed", "N", default: "42", help: "Seed of everything random."),
            .value("threads", "N", help: "Default: one per core. Figures of the evaluation do not depend on it."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The evaluation as JSON on standard output."),
        ] + ReadingOptions.all,
        examples: [
            .init(
                "foretaste analyse predict --table visits.csv --outcome Revenue --without PageValues --out model",
                "Learn which visits buy, by ten folds."),
            .init(
                "foretaste analyse predict --table today.csv --model model/prediction_model.json --out today",
                "What today's visits will do, and why."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        try OutputDirectory(path: try parsed.string("out")).check()
        if parsed.isGiven("model") {
            for name in trainingOptions where parsed.isGiven(name) {
                throw parsed.refusal(
                    name, value: parsed.optionalString(name) ?? "",
                    expected: "no --model beside it: a model is not trained again")
            }
            try PredictScoring.run(parsed)
        } else {
            guard parsed.isGiven("outcome") else {
                throw UsageError(
                    code: .missingOption, operation: parsed.operation,
                    text: "give '--outcome COLUMN' to learn, or '--model FILE' to foretell.")
            }
            try PredictLearning.run(parsed)
        }
    }

    private static let trainingOptions = [
        "features", "without", "accept", "types", "user", "time", "period", "folds", "test-share", "learners",
        "class-weights", "calibration", "validation-share", "cost-miss", "cost-false-alarm", "l2", "trees",
    ]

    static func threadCount(_ parsed: ParsedCommand) throws -> Int {
        try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
    }
}
