namespace NeuralCapacitance.CommandLine;

/// <summary>What a pipeline branches on.</summary>
internal static class ExitCode
{
    /// <summary>There is a candidate to take; of commands that ask no such question, that they did what they should.</summary>
    public const int Answered = 0;

    /// <summary>The job has ended, and its candidates cannot be told apart, or none could be ranked.</summary>
    public const int CannotTell = 1;

    /// <summary>The job failed or was cancelled, or the service could not be reached.</summary>
    public const int Failed = 2;

    /// <summary>The spec, the key or the command line cannot be accepted.</summary>
    public const int Refused = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
