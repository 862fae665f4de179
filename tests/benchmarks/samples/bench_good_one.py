from tests.benchmarks.figures import Figure, tell

if __name__ == "__main__":
    tell([Figure(name="a thing", unit="ms", figure=2.0, floor=1.0, target=3.0)])
