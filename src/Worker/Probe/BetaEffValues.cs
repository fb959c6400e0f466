namespace NeuralCapacitance.Worker.Probe;

/// <summary>β_eff of one epoch in four readings of the paper's P; docs/method.md compares them.</summary>
/// <param name="Absolute">Interaction strength |P|, mean over samples. Drives the product; ≥ 0.</param>
/// <param name="Squared">P² instead of |P|; ≥ 0.</param>
/// <param name="PerSample">The ratio of <paramref name="Absolute"/> taken per sample, then averaged; ≥ 0.</param>
/// <param name="Signed">The paper's signed P, with batch norms as layers of their own; any sign, and 0 for three Dense layers without batch norm.</param>
public sealed record BetaEffValues(double Absolute, double Squared, double PerSample, double Signed);
