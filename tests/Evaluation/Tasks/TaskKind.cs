namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>Tasks on which a predictor may be good or bad for the same reason.</summary>
public sealed record TaskKind(string Name, Func<TaskFacts, bool> Has)
{
    public static TaskKind Every { get; } = new("all", _ => true);

    public static TaskKind Noisy { get; } = new("noisy (≤ 6 000 images)", task => task.IsNoisy == true);

    public static TaskKind Clean { get; } = new("clean (> 6 000 images)", task => task.IsNoisy == false);

    /// <summary>Each task is of several kinds; one of which too little is known is only of the first.</summary>
    public static IReadOnlyList<TaskKind> All { get; } =
    [
        Every,
        Noisy,
        Clean,
        new("transferred", task => task.IsFromScratch == false),
        new("from scratch", task => task.IsFromScratch == true),
    ];
}
