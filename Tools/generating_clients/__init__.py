"""From the protocol's schemas to the clients' generated files: `messages` reads, one module a language writes."""
