import EventLoop
import TransportSecurity

extension ServerCheckup {
    /// As a server listens there, for a moment.
    func check(_ planned: PlannedAddress) -> Finding {
        let subject = planned.use.rawValue
        let bound: SocketAddress
        do throws(ServerError) {
            bound = try ListeningSocket.open(at: planned.address, count: 1, backlog: 1).bound
        } catch {
            guard error.code == .addressInUse else { return .bad(subject, "\(error)") }
            let place = "\(planned.address.host):\(planned.address.port)"
            if let who = whoAnswers(planned) { return .good(subject, "\(place) is taken by \(who)") }
            return .bad(
                subject, "\(place) is taken, and no Foretaste server answers there",
                "stop the process that listens there (ss -ltnp shows it), or choose another port")
        }
        let place = planned.address.port == 0 ? "\(bound.host), a free port" : "\(bound)"
        guard !bound.isLoopback else { return .good(subject, "\(place), for this machine alone") }
        return reachable(planned, place)
    }

    private func reachable(_ planned: PlannedAddress, _ place: String) -> Finding {
        let subject = planned.use.rawValue
        let asksForCertificates = planned.use == .tls && plan.tlsFiles?.clientAuthorities != nil
        guard plan.keysPath != nil || asksForCertificates else {
            let text = "other machines reach \(place), and nobody is asked for a key"
            let advice = "give --keys FILE ('foretaste keys create' makes it), or listen on 127.0.0.1"
            return plan.isInsecureAllowed ? .doubtful(subject, text, advice) : .bad(subject, text, advice)
        }
        guard planned.use == .tls else {
            let text = "other machines reach \(place), and keys cross the network as they are"
            let advice =
                planned.use == .http
                ? "put a proxy with TLS before it, and listen on 127.0.0.1" : "use --listen-tls there"
            return plan.isInsecureAllowed ? .doubtful(subject, text, advice) : .bad(subject, text, advice)
        }
        return .good(subject, "\(place), encrypted")
    }
}
