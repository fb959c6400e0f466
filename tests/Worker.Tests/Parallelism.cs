using NeuralCapacitance.EndToEnd;
using NeuralCapacitance.Worker.Tests.Datasets.Folders;
using NeuralCapacitance.Worker.Tests.Hosting;
using NeuralCapacitance.Worker.Tests.Slots;
using NeuralCapacitance.Worker.Tests.TorchScript;
using NeuralCapacitance.Worker.Tests.Weights;

[assembly: TestCollectionOrderer("NeuralCapacitance.Worker.Tests.ProcessesFirst", "NeuralCapacitance.Worker.Tests")]

namespace NeuralCapacitance.Worker.Tests;

/// <summary>Tests that start processes wait for them; what computes runs beside them.</summary>
public sealed class ProcessesFirst()
    : LongestFirst(nameof(TrialExecutorTests), nameof(WeightsFuzzTests), nameof(TrialSlotsTests), nameof(UnrulyTrialTests), nameof(TrialSandboxTests), nameof(LayoutPropertyTests));
