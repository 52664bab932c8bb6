"""What things cost, measured: `make bench` (docs/performance.md tells the method). Nothing here is a test."""
