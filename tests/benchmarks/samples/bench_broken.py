from tests.benchmarks.figures import Figure, tell

if __name__ == "__main__":
    tell([Figure(name="told before it fell", unit="ms", figure=2.0, floor=1.0, target=3.0)])
    raise SystemExit(3)
