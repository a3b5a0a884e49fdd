"""The parts of Tools/benchmark."""
