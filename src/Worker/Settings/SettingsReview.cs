using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>Looks at all settings before the program starts, so that every fault is told at once: what is misspelt, what is no number, and what a validator refuses.</summary>
public sealed class SettingsReview
{
    private readonly IReadOnlyList<SettingFault> _faults;

    private SettingsReview(IReadOnlyList<SettingFault> faults) => _faults = faults;

    /// <summary>Before services are registered: some are by what the settings say. Values that cannot be read are replaced by the standard ones, for the rest to be looked at.</summary>
    /// <param name="program">Whose options there are besides those of the worker and the infrastructure.</param>
    public static SettingsReview Begin(IConfigurationManager configuration, Assembly program)
    {
        SecretFiles.AddTo(configuration);
        var options = OptionsClass.In([typeof(QueueOptions).Assembly, typeof(SettingsReview).Assembly, program]);
        List<SettingFault> faults = [.. SettingsReader.FaultsIn(configuration, options), .. NamedSettings.FaultsIn(configuration, options.Select(option => option.Section))];
        var standards = faults.Where(fault => fault.Standard is not null).Select(fault => KeyValuePair.Create(fault.Key, fault.Standard)).ToList();
        if (standards.Count > 0) configuration.AddInMemoryCollection(standards);
        return new(faults);
    }

    /// <summary>With what the validators say, of those that <c>ValidateOnStart</c> names.</summary>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public void End(IServiceProvider services)
    {
        List<string> faults = [.. _faults.Select(fault => fault.Text), .. Refusals(services)];
        if (faults.Count > 0) throw new SettingsException([.. faults.Distinct(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Refusals(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return e.Flatten().InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures);
        }
    }
}
