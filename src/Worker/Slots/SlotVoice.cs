using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In the worker: what a slot's process says through its pipe, and what it prints.</summary>
internal sealed class SlotVoice
{
    private const int MostPrinted = 20;
    private const int LongestLine = 1000;

    /// <summary>How long a process that has ended may leave something unread.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly Process process;
    private readonly int id;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly BlockingCollection<FromSlot> heard = [];
    private readonly ConcurrentQueue<string> printed = [];
    private volatile bool babbled;

    public SlotVoice(Process process, ILoggerFactory loggers, ILogger logger)
    {
        this.process = process;
        id = process.Id;
        this.loggers = loggers;
        this.logger = logger;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it said what it cannot mean, and was ended for it.</summary>
    public bool Babbled => babbled;

    /// <summary>The last lines that it printed, in one.</summary>
    public string Printed => string.Join(' ', printed);

    /// <summary>Hears it to its end.</summary>
    public void Listen(Stream pipe)
    {
        using var reader = new StreamReader(pipe);
        while (reader.ReadLine() is { } line && Hear(line)) { }
        heard.CompleteAdding();
    }

    /// <summary>What it said next; lines for the log go there. Null: nothing within a second.</summary>
    /// <param name="isOver">Whether it will say nothing more.</param>
    public FromSlot? Next(out bool isOver, CancellationToken cancellationToken)
    {
        isOver = false;
        while (heard.TryTake(out var message, (int)Glance.TotalMilliseconds, cancellationToken))
        {
            if (message is not Logged(var level, var category, var eventId, var text)) return message;
            loggers.CreateLogger(category).Log(level, eventId, "{Text}", text);
        }
        isOver = heard.IsCompleted || process.HasExited;
        return null;
    }

    /// <returns>Whether it may say more.</returns>
    private bool Hear(string line)
    {
        try
        {
            heard.Add(SlotWire.Read<FromSlot>(line));
            return true;
        }
        catch (JsonException e)
        {
            // Else it is half a line: it was killed.
            if (!process.WaitForExit(Glance))
            {
                SlotLog.Babbles(logger, id, line, e);
                babbled = true;
                ProcessTree.Kill(process);
            }
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        line = ModelWords.OneLine(line, LongestLine);
        SlotLog.Prints(logger, id, line);
        printed.Enqueue(line);
        while (printed.Count > MostPrinted) printed.TryDequeue(out _);
    }
}
