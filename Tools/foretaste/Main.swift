import CommandLineInterface
import IndexBuilding

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `foretaste`: the offline builder and command-line tool.
@main
struct Main {
    static let program = Program(
        name: "foretaste", version: IndexBuilder.toolVersion,
        summary: "Build, look at, ask and evaluate recommendation indexes.",
        commands: [
            BuildCommand.command,
            EvaluateCommand.command,
            EvaluateSessionsCommand.command,
            TuneCommand.command,
            CallCommand.command,
            ShellCommand.command,
            BenchCommand.command,
            ConformanceCommand.command,
            DoctorCommand.command,
            InspectCommand.command,
            VerifyCommand.command,
            VersionsCommand.command,
            ActivateCommand.command,
            SynthesizeCommand.command,
            MetricsCommand.command,
            EmbedCommand.command,
            SegmentRFMCommand.command,
            SegmentPredictCommand.command,
            SegmentKMeansCommand.command,
            SegmentHierarchicalCommand.command,
            SegmentVisitsCommand.command,
            SegmentSearchCommand.command,
            SegmentPersonasCommand.command,
            PersonaQueryCommand.command,
            PersonaOfCommand.command,
            PersonaTopCommand.command,
            FeaturesCommand.command,
            PredictCommand.command,
            ValueCommand.command,
            AnalyseAnomaliesCommand.command,
            AnalyseTrendsCommand.command,
            AnalyseAllCommand.command,
            EventsImportCommand.command,
            EventsExportCommand.command,
            EventsFollowCommand.command,
            LiveVerifyCommand.command,
            BackupCommand.command,
            RestoreCommand.command,
            DumpCommand.command,
            LoadCommand.command,
            ReceiptVerifyCommand.command,
            KeysCreateCommand.command,
            KeysListCommand.command,
            KeysRevokeCommand.command,
            KeysRotateCommand.command,
            KeysTokenCommand.command,
        ])

    static func main() {
        let errors = Terminal.standardError
        // A file that may not grow any more is an error like a full disk, and what was begun is removed.
        signal(SIGXFSZ, SIG_IGN)
        let (arguments, configurations, places): ([String], [String], [ConfigurationFile.Place])
        do {
            (arguments, configurations, places) = try ConfigurationFile.expanding(
                Array(CommandLine.arguments.dropFirst()))
        } catch {
            errors.write("foretaste: \(error)\n")
            exit(ExitCode.usage.rawValue)
        }
        let code = program.run(arguments, explaining: { ConfigurationFile.place(of: $0, in: places) }) { parsed in
            try OutputPaths.check(parsed, configurations: configurations)
            try dispatch(parsed)
        }
        exit(code.rawValue)
    }

    private static func dispatch(_ parsed: ParsedCommand) throws {
        switch parsed.name {
        case BuildCommand.command.name: try BuildCommand.run(parsed)
        case EvaluateCommand.command.name: try EvaluateCommand.run(parsed)
        case EvaluateSessionsCommand.command.name: try EvaluateSessionsCommand.run(parsed)
        case TuneCommand.command.name: try TuneCommand.run(parsed)
        case CallCommand.command.name: try CallCommand.run(parsed)
        case ShellCommand.command.name: try ShellCommand.run(parsed)
        case BenchCommand.command.name: try BenchCommand.run(parsed)
        case ConformanceCommand.command.name: try ConformanceCommand.run(parsed)
        case DoctorCommand.command.name: try DoctorCommand.run(parsed)
        case InspectCommand.command.name: try InspectCommand.run(parsed)
        case VerifyCommand.command.name: try VerifyCommand.run(parsed)
        case VersionsCommand.command.name: try VersionsCommand.run(parsed)
        case ActivateCommand.command.name: try ActivateCommand.run(parsed)
        case SynthesizeCommand.command.name: try SynthesizeCommand.run(parsed)
        case MetricsCommand.command.name: try MetricsCommand.run(parsed)
        case EmbedCommand.command.name: try EmbedCommand.run(parsed)
        case SegmentRFMCommand.command.name: try SegmentRFMCommand.run(parsed)
        case SegmentPredictCommand.command.name: try SegmentPredictCommand.run(parsed)
        case SegmentKMeansCommand.command.name: try SegmentKMeansCommand.run(parsed)
        case SegmentHierarchicalCommand.command.name: try SegmentHierarchicalCommand.run(parsed)
        case SegmentVisitsCommand.command.name: try SegmentVisitsCommand.run(parsed)
        case SegmentSearchCommand.command.name: try SegmentSearchCommand.run(parsed)
        case SegmentPersonasCommand.command.name: try SegmentPersonasCommand.run(parsed)
        case PersonaQueryCommand.command.name: try PersonaQueryCommand.run(parsed)
        case PersonaOfCommand.command.name: try PersonaOfCommand.run(parsed)
        case PersonaTopCommand.command.name: try PersonaTopCommand.run(parsed)
        case FeaturesCommand.command.name: try FeaturesCommand.run(parsed)
        case PredictCommand.command.name: try PredictCommand.run(parsed)
        case ValueCommand.command.name: try ValueCommand.run(parsed)
        case AnalyseAnomaliesCommand.command.name: try AnalyseAnomaliesCommand.run(parsed)
        case AnalyseTrendsCommand.command.name: try AnalyseTrendsCommand.run(parsed)
        case AnalyseAllCommand.command.name: try AnalyseAllCommand.run(parsed)
        case EventsImportCommand.command.name: try EventsImportCommand.run(parsed)
        case EventsExportCommand.command.name: try EventsExportCommand.run(parsed)
        case EventsFollowCommand.command.name: try EventsFollowCommand.run(parsed)
        case LiveVerifyCommand.command.name: try LiveVerifyCommand.run(parsed)
        case BackupCommand.command.name: try BackupCommand.run(parsed)
        case RestoreCommand.command.name: try RestoreCommand.run(parsed)
        case DumpCommand.command.name: try DumpCommand.run(parsed)
        case LoadCommand.command.name: try LoadCommand.run(parsed)
        case ReceiptVerifyCommand.command.name: try ReceiptVerifyCommand.run(parsed)
        case KeysCreateCommand.command.name: try KeysCreateCommand.run(parsed)
        case KeysListCommand.command.name: try KeysListCommand.run(parsed)
        case KeysRevokeCommand.command.name: try KeysRevokeCommand.run(parsed)
        case KeysRotateCommand.command.name: try KeysRotateCommand.run(parsed)
        case KeysTokenCommand.command.name: try KeysTokenCommand.run(parsed)
        default: preconditionFailure("the program lists a command that nobody runs")
        }
    }
}

/// A run that failed for a reason that one sentence tells.
struct RunFailure: Error, CustomStringConvertible {
    let description: String
}
