from tests.benchmarks.figures import Figure, tell

if __name__ == "__main__":
    tell([Figure(name="a slow thing", unit="ms", figure=1400.0, floor=700.0, target=1000.0)])
