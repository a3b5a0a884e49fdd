"""The parts of Tools/compare-quality."""
