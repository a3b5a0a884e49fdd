package foretaste;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/** How a client connects, waits and tries again: all defaults are here. See the client's README for what each is for. */
public final class Options {
    List<Address> addresses = List.of(new Address("127.0.0.1", Address.DEFAULT_PORT));
    String key;
    String name;
    TLS tls;
    boolean strict;
    int connections = 4;
    Duration timeout = Duration.ofSeconds(10);
    Duration connectTimeout = Duration.ofSeconds(5);
    Duration silenceTimeout = Duration.ofSeconds(5);
    int retries = 3;
    Duration backoff = Duration.ofMillis(50);
    Duration backoffLimit = Duration.ofSeconds(2);
    Executor executor = ForkJoinPool.commonPool();
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    public Options() {}

    /** One address, or several of servers that answer alike: HOST:PORT. */
    public Options servers(String... servers) {
        if (servers.length == 0) throw new IllegalArgumentException("servers names no server");
        addresses = Stream.of(servers).map(Address::parse).toList();
        return this;
    }

    public Options key(String value) {
        key = value;
        return this;
    }

    /** Name and version of the program, for the server's log. */
    public Options name(String value) {
        name = value;
        return this;
    }

    public Options tls(TLS value) {
        tls = value;
        return this;
    }

    /** The server refuses members that nobody knows, which it otherwise only tells in {@code meta.ignored}: for tests. */
    public Options strict(boolean value) {
        strict = value;
        return this;
    }

    public Options connections(int value) {
        if (value < 1) throw new IllegalArgumentException("connections is 1 or more");
        connections = value;
        return this;
    }

    public Options timeout(Duration value) {
        timeout = positive(value);
        return this;
    }

    public Options connectTimeout(Duration value) {
        connectTimeout = positive(value);
        return this;
    }

    public Options silenceTimeout(Duration value) {
        silenceTimeout = positive(value);
        return this;
    }

    public Options retries(int value) {
        if (value < 0) throw new IllegalArgumentException("retries is 0 or more");
        retries = value;
        return this;
    }

    public Options backoff(Duration first, Duration longest) {
        backoff = positive(first);
        backoffLimit = positive(longest);
        return this;
    }

    /** Where futures are completed, and with them what hangs on them; the common pool by default. */
    public Options executor(Executor value) {
        executor = value;
        return this;
    }

    /** Before the next attempt, counted from 0: twice as long each time, half of it by chance. */
    long pauseNanos(int attempt) {
        double longest = Math.min(backoffLimit.toNanos(), backoff.toNanos() * Math.pow(2, Math.min(attempt, 30)));
        return (long) (longest * (0.5 + 0.5 * random.getAsDouble()));
    }

    static Duration positive(Duration value) {
        // What nanoseconds of a long can count, with room for sums.
        if (value.isNegative() || value.isZero() || value.toDays() > 36_500) throw new IllegalArgumentException("a time is more than 0 and at most 100 years, not " + value);
        return value;
    }
}
