using System.Diagnostics;
using OpenTelemetry.Trace;

namespace NeuralCapacitance.Worker.Telemetry;

/// <summary>Traces begin with a request or a trial. What a process asks the database for by itself, every second, begins none.</summary>
internal sealed class OwnRoots : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        => new(samplingParameters.Kind is not ActivityKind.Client);
}
