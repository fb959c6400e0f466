using NeuralCapacitance.EndToEnd.Deployment;
using NeuralCapacitance.EndToEnd.Recovery;

// Each test runs two or three programs that train.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer("NeuralCapacitance.EndToEnd.MinutesFirst", "NeuralCapacitance.EndToEnd")]

namespace NeuralCapacitance.EndToEnd;

public sealed class MinutesFirst()
    : LongestFirst(nameof(PublishTests), nameof(WorkerLossTests), nameof(DatabaseLossTests), nameof(SlotLossTests), nameof(RaceTests));
