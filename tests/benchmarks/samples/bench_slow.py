from tests.benchmarks.figures import Figure, Uncounted, tell

if __name__ == "__main__":
    slow = Figure(name="a slow thing", unit="ms", figure=1400.0, floor=700.0, target=1000.0)
    tell([Uncounted(what="a load", seconds=0.1), slow])
