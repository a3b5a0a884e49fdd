#!/bin/sh
# Compiles the client and makes a jar with nothing but a JDK: build.sh [DIRECTORY for what is made; default: target]
set -eu
cd "$(dirname "$0")"
out="${1:-target}"
rm -rf "$out/classes"
mkdir -p "$out/classes"
javac --release 17 -Xlint:all -Werror -encoding UTF-8 -d "$out/classes" src/main/java/module-info.java src/main/java/foretaste/*.java
jar --create --file "$out/foretaste-client-0.1.0.jar" -C "$out/classes" .
