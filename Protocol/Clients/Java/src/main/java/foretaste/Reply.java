package foretaste;

import java.util.Map;

/** What came back for a request. {@code meta} has serverMs, queueMs, indexVersion, quality; more may come. */
public record Reply(Map<String, Object> result, Map<String, Object> meta) {}
