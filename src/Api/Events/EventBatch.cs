namespace NeuralCapacitance.Api.Events;

/// <summary>Events that are sent together. One batch is shared by all who follow a job.</summary>
internal sealed class EventBatch
{
    private readonly IReadOnlyList<EventFrame> _frames;
    private readonly byte[] _text;

    public EventBatch(IReadOnlyList<EventFrame> frames)
    {
        _frames = frames;
        _text = TextOf(frames);
        LastObservation = frames.Select(frame => frame.Observation).DefaultIfEmpty().Max();
    }

    /// <summary>Id of the newest observation in it; 0: it has none.</summary>
    public long LastObservation { get; }

    /// <summary>Without the observations that the client knows.</summary>
    /// <param name="known">Observations up to this id.</param>
    public ReadOnlyMemory<byte> After(long known)
        => _frames.Any(frame => IsKnown(frame, known)) ? TextOf([.. _frames.Where(frame => !IsKnown(frame, known))]) : _text;

    private static bool IsKnown(EventFrame frame, long known) => frame.Observation != 0 && frame.Observation <= known;

    private static byte[] TextOf(IReadOnlyList<EventFrame> frames)
    {
        var text = new byte[frames.Sum(frame => frame.Text.Length)];
        var position = 0;
        foreach (var frame in frames)
        {
            frame.Text.CopyTo(text, position);
            position += frame.Text.Length;
        }

        return text;
    }
}
