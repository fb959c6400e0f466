using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>How well the network does on some images.</summary>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="Accuracy">In [0, 1].</param>
internal sealed record Measure(double Loss, double Accuracy, int Count);

/// <summary>
/// Mean loss and accuracy over the batches of an epoch. Each batch leaves two scalars on the device; they are read every so many
/// steps, because reading waits for a GPU to catch up.
/// </summary>
internal sealed class Meter : IDisposable
{
    private const int StepsBetweenReads = 16;

    private readonly List<(Tensor Loss, Tensor Correct, int Count)> pending = new(StepsBetweenReads);
    private double lossSum;
    private long correctSum;
    private int count;
    private int step;

    /// <summary>The first step, counted from 1, whose loss was NaN or infinite; known some steps later. Null: none so far.</summary>
    public int? FirstNonFiniteStep { get; private set; }

    /// <param name="loss">Mean cross-entropy of the batch: a scalar.</param>
    /// <param name="logits">N×C.</param>
    /// <param name="labels">N, int64.</param>
    public void Add(Tensor loss, Tensor logits, Tensor labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var correct = logits.argmax(1).eq(labels).sum();
        pending.Add((loss.detach().DetachFromDisposeScope(), correct.DetachFromDisposeScope(), (int)labels.shape[0]));
        if (pending.Count == StepsBetweenReads)
        {
            Read();
        }
    }

    public Measure Result()
    {
        Read();
        return new Measure(lossSum / count, (double)correctSum / count, count);
    }

    public void Dispose() => Clear();

    private void Read()
    {
        if (pending.Count == 0)
        {
            return;
        }
        using var scope = NewDisposeScope();
        var losses = stack(pending.Select(p => p.Loss).ToArray()).cpu().data<float>();
        var correct = stack(pending.Select(p => p.Correct).ToArray()).cpu().data<long>();
        for (var i = 0; i < pending.Count; i++)
        {
            step++;
            if (!float.IsFinite(losses[i]))
            {
                FirstNonFiniteStep ??= step;
            }
            lossSum += (double)losses[i] * pending[i].Count;
            correctSum += correct[i];
            count += pending[i].Count;
        }
        Clear();
    }

    private void Clear()
    {
        foreach (var (loss, correct, _) in pending)
        {
            loss.Dispose();
            correct.Dispose();
        }
        pending.Clear();
    }
}
