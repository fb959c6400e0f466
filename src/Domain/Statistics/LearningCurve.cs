namespace NeuralCapacitance.Domain.Statistics;

/// <summary>Value of a parametric curve; not finite where it is not defined.</summary>
/// <param name="x">Epoch, from 1.</param>
/// <param name="log">ln x.</param>
internal delegate double CurveFunction(double x, double log, ReadOnlySpan<double> parameters);

/// <summary>A family of curves that accuracies are known to follow.</summary>
/// <param name="Start">Parameters that fits begin with.</param>
internal sealed record LearningCurve(string Name, double[] Start, CurveFunction Function)
{
    /// <summary>The eleven of Domhan, Springenberg and Hutter 2015, with their starting values.</summary>
    public static IReadOnlyList<LearningCurve> All { get; } =
    [
        new("vapor pressure", [-0.622028, -0.470050, 0.042322], (x, log, p) => Math.Exp(p[0] + (p[1] / x) + (p[2] * log))),
        new("ilog2", [0.43, 0.78], (x, _, p) => p[1] - (p[0] / Math.Log(x + 1))),
        new("weibull", [0.7, 0.1, 0.01, 1], (_, log, p) => p[0] - ((p[0] - p[1]) * Math.Exp(-Math.Exp(p[3] * (Math.Log(p[2]) + log))))),
        new("pow3", [0.84, 0.52, 0.01], (_, log, p) => p[0] - (p[1] * Math.Exp(-p[2] * log))),
        new("pow4", [0.1, 200, 0, 0.8], (x, _, p) => p[3] - Math.Exp(-p[0] * Math.Log((p[1] * x) + p[2]))),
        new("log log linear", [1, 1], (_, log, p) => Math.Log((p[0] * log) + p[1])),
        new("mmf", [0.7, 0.1, 0.01, 5], (_, log, p) => p[0] - ((p[0] - p[1]) / (1 + Math.Exp(p[3] * (Math.Log(p[2]) + log))))),
        new("janoschek", [0.73, 0.07, 0.355, 0.46], (_, log, p) => p[0] - ((p[0] - p[1]) * Math.Exp(-p[2] * Math.Exp(p[3] * log)))),
        new("hill3", [0.772320, 0.586449, 2.460843], (_, log, p) => p[0] / (1 + Math.Exp(p[1] * (Math.Log(p[2]) - log)))),
        new("log power", [0.77, 2.98, -0.51], (_, log, p) => p[0] / (1 + Math.Exp(p[2] * (log - p[1])))),
        new("exp4", [0.7, 0.8, -0.8, 0.3], (_, log, p) => p[0] - Math.Exp((-p[1] * Math.Exp(p[3] * log)) + p[2])),
    ];

    public double At(double x, ReadOnlySpan<double> parameters) => Function(x, Math.Log(x), parameters);
}
