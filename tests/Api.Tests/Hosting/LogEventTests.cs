using System.Reflection;
using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Api.Tests.Hosting;

public sealed class LogEventTests
{
    [Fact]
    public void Every_event_of_the_log_has_an_id_of_its_own()
    {
        Assembly[] assemblies = [typeof(Api.Program).Assembly, typeof(Infrastructure.Uploads.DatasetUploads).Assembly, typeof(Worker.Datasets.DatasetNames).Assembly];
        var events = assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(method => method.GetCustomAttributes<LoggerMessageAttribute>().Select(message => (message.EventId, Method: $"{method.DeclaringType!.Name}.{method.Name}")))
            .ToList();

        events.Count.ShouldBeGreaterThan(30);
        events.GroupBy(message => message.EventId).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(e => e.Method))}").ShouldBeEmpty();
    }
}
