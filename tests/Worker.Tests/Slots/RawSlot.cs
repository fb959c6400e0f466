using System.Diagnostics;
using System.IO.Pipes;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Slots;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>A slot's process with the test for its worker, line by line.</summary>
internal sealed class RawSlot : IDisposable
{
    private readonly AnonymousPipeServerStream pipe = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly StreamReader reader;

    public RawSlot(IConfiguration settings)
    {
        Process = Process.Start(OwnProcess.Start([SlotCommand.Name, pipe.GetClientHandleAsString()], settings))!;
        pipe.DisposeLocalCopyOfClientHandle();
        reader = new(pipe);
    }

    public Process Process { get; }

    /// <summary>The next line that is neither for the log nor a sign of a step.</summary>
    public FromSlot Hear()
    {
        while (true)
        {
            if (HearAll() is var message and not Moved) return message;
        }
    }

    /// <summary>The next line that is not for the log.</summary>
    public FromSlot HearAll()
    {
        while (true)
        {
            if (SlotWire.Read<FromSlot>(reader.ReadLine().ShouldNotBeNull()) is var message and not Logged) return message;
        }
    }

    public void Say(ToSlot message)
    {
        Process.StandardInput.WriteLine(SlotWire.Write(message));
        Process.StandardInput.Flush();
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
        reader.Dispose();
    }
}
