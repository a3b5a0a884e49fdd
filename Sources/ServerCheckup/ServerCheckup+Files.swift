import AccessKeys
import AnalyticsArtefacts
import LiveStore
import Personas
import RecommendationIndex
import StoredFiles
import TransportSecurity

extension ServerCheckup {
    /// Live data grow with what people do; below this a busy day may fill the disk.
    private static let leastFreeBytes = 1 << 30

    // MARK: Index and personas

    /// - Returns: also its size, 0 where it cannot be opened.
    func checkIndex() -> ([Finding], byteCount: Int) {
        let subject = "index"
        let index: RecommendationIndex
        do throws(IndexError) {
            index = try RecommendationIndex.open(plan.indexPath)
        } catch {
            return ([.bad(subject, "\(error)")], 0)
        }
        var findings: [Finding] = []
        let damage = plan.isThorough ? index.verify() : []
        if let first = damage.first {
            findings.append(
                .bad(
                    subject,
                    "version \(index.version) is damaged: \(first)"
                        + (damage.count > 1 ? ", and \(damage.count - 1) findings more" : ""),
                    "build it again, or go back with 'foretaste activate \(plan.indexPath)'"))
        } else {
            findings.append(
                .good(
                    subject,
                    "version \(index.version), \(index.itemCount) items, \(index.userCount) users, "
                        + Self.text(index.fileByteCount) + (plan.isThorough ? ", every byte checked" : "")))
        }
        if let finding = checkOthersCannotWrite(subject, plan.indexPath, "chmod o-w \(plan.indexPath)") {
            findings.append(finding)
        }
        // A build writes the next version beside this one.
        if let free = machine.freeBytes(plan.indexPath), free < index.fileByteCount + index.fileByteCount / 4 {
            findings.append(
                .doubtful(
                    subject, "\(Self.text(free)) are free where it lies: the next version may have no room there",
                    "make room for \(Self.text(index.fileByteCount + index.fileByteCount / 4))"))
        }
        return (findings, index.fileByteCount)
    }

    private func checkOthersCannotWrite(_ subject: String, _ path: String, _ advice: String) -> Finding? {
        guard FileMode(path)?.isWritableByAll == true else { return nil }
        return .bad(subject, "everybody on this machine can write in \(path)", advice)
    }

    func checkPersonas() -> [Finding] {
        guard let path = plan.personasPath else { return [] }
        do throws(PersonaStoreError) {
            let store = try PersonaStore(directory: path)
            return [.good("personas", "\(store.userCount) users")]
        } catch {
            return [.bad("personas", "\(error)")]
        }
    }

    func checkAnalytics() -> [Finding] {
        guard let path = plan.analyticsPath else { return [] }
        do throws(ArtefactError) {
            let facts = try AnalyticsBundle(directory: path).manifest.facts
            // Acknowledgements are written beside it.
            _ = try AnomalyStates(directory: path)
            return [
                .good("analysis", "\(facts.events) events of \(facts.users) users from \(facts.from) to \(facts.to)")
            ]
        } catch {
            return [.bad("analysis", "\(error)")]
        }
    }

    // MARK: Live data

    func checkLiveData() -> [Finding] {
        guard let path = plan.livePath else { return [] }
        do throws(FileError) {
            switch try FileSystem.kind(of: path) {
            case .missing: return [checkPlace(of: path)]
            case .directory: break
            case .file, .link, .other:
                return [.bad("live data", "\(path) is no directory", "name another place (--live)")]
            }
            let files = LiveStoreFiles(directory: path)
            if try FileSystem.kind(of: files.data) == .missing, let other = try files.firstOther() {
                return [
                    .bad(
                        "live data", "\(path) holds '\(other)', which is not ours",
                        "name an empty directory, or one that does not exist yet")
                ]
            }
        } catch {
            return [.bad("live data", "\(error)")]
        }
        return checkStore(path)
    }

    private func checkPlace(of path: String) -> Finding {
        let parent = FileSystem.directory(of: path)
        guard FileMode(parent)?.isDirectory == true else {
            return .bad("live data", "\(parent) does not exist, so \(path) cannot be made", "make it")
        }
        guard FileAccess.canWrite(parent) else {
            return .bad(
                "live data", "\(path) does not exist, and this user may not make it",
                "make it for the server's user, or let that user write in \(parent)")
        }
        return .good("live data", "\(path) will be made")
    }

    private func checkStore(_ path: String) -> [Finding] {
        var findings: [Finding] = []
        if !FileAccess.canWrite(path) {
            findings.append(
                .bad("live data", "this user may not write in \(path)", "run this as the server's user, or chown it"))
        }
        if let free = machine.freeBytes(path), free < Self.leastFreeBytes {
            findings.append(
                .doubtful(
                    "live data", "\(Self.text(free)) are free in \(path): writes are refused once it is full",
                    "make room for some days of events"))
        }
        do throws(FileError) {
            guard try FileSystem.kind(of: LiveStoreFiles(directory: path).data) != .missing else {
                return findings + [.good("live data", "\(path) is empty")]
            }
        } catch {
            return findings + [.bad("live data", "\(error)")]
        }
        do throws(LiveStoreError) {
            let reader = try LiveStoreReader(directory: path)
            if let finding = checkBelongs(reader, path) { findings.append(finding) }
            guard plan.isThorough else { return findings + [.good("live data", "\(path) can be read")] }
            let found = try reader.verify()
            guard let problem = found.problems.first else {
                return findings + [
                    .good("live data", "\(found.eventCount) events, \(found.itemCount) items, every row checked")
                ]
            }
            return findings + [
                .bad("live data", "\(path) is damaged: \(problem)", "restore a backup with 'foretaste restore'")
            ]
        } catch {
            return findings + [.bad("live data", "\(error)")]
        }
    }

    /// Nil where the index can be served beside the store, or cannot be read, which is told elsewhere.
    private func checkBelongs(_ reader: LiveStoreReader, _ path: String) -> Finding? {
        let index: RecommendationIndex
        do throws(IndexError) { index = try RecommendationIndex.open(plan.indexPath) } catch { return nil }
        let facts = index.manifest.facts
        let claim = StoreLineage.Claim(store: facts.setting(.liveStore), sequence: facts.consumedSequence)
        do throws(LiveStoreError) {
            switch try reader.lineage().standing(of: claim, version: index.version, directory: path) {
            case .consumed: return nil
            case .taken:
                return .doubtful(
                    "live data",
                    "the index does not say which live store it was built from: it is taken to be of \(path)",
                    "build it again (foretaste build --from-live \(path))")
            case .unrelatedButEmpty:
                return .doubtful(
                    "live data", "the index was built from another live store, and \(path) is empty",
                    "check the path; once the server has taken it, all that comes counts beside what the index has")
            }
        } catch {
            return .bad("live data", "\(error)")
        }
    }

    // MARK: Keys and TLS

    func checkKeys() -> [Finding] {
        guard let path = plan.keysPath else { return [] }
        let records: [KeyRecord]
        do throws(KeyFileError) {
            records = try KeyFile.read(path).records
        } catch {
            return [.bad("keys", "\(error)")]
        }
        var findings: [Finding] = []
        let counts = AccessRole.allCases.compactMap { role -> String? in
            let count = records.count { $0.role == role }
            return count > 0 ? "\(count) \(role.rawValue)" : nil
        }
        if records.isEmpty {
            findings.append(
                .bad("keys", "\(path) holds none: nobody may ask", "foretaste keys create --keys \(path) --role read"))
        } else {
            findings.append(.good("keys", counts.joined(separator: ", ")))
        }
        let directory = FileSystem.directory(of: path)
        if let finding = checkOthersCannotWrite("keys", directory, "chmod o-w \(directory), or keep the keys elsewhere")
        {
            findings.append(finding)
        }
        return findings
    }

    func checkTLS() -> [Finding] {
        guard let files = plan.tlsFiles else { return [] }
        let identity: TLSIdentity
        do throws(TLSError) {
            identity = try TLSIdentity(files)
        } catch {
            return [.bad("TLS", "\(error)")]
        }
        var findings = [certificate(secondsLeft: identity.secondsLeft, files)]
        if FileMode(files.key)?.isReadableByAll == true {
            findings.append(
                .bad("TLS", "everybody on this machine can read \(files.key)", "chmod 600 \(files.key)"))
        }
        return findings
    }

    /// Authorities that renew by themselves do so a month before.
    private static let daysOfWarning = 14

    private func certificate(secondsLeft: Int, _ files: TLSFiles) -> Finding {
        let days = secondsLeft / 86_400
        if secondsLeft <= 0 {
            return .bad(
                "TLS", "the certificate \(files.certificate) has expired",
                "renew it; a running server takes it over by itself")
        }
        guard days >= Self.daysOfWarning else {
            return .doubtful(
                "TLS", "the certificate \(files.certificate) expires in \(days) days",
                "renew it; a running server takes it over by itself")
        }
        return .good("TLS", "the certificate is valid for \(days) days")
    }
}
