namespace NeuralCapacitance.Api.Events;

internal static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<EventOptions, EventOptionsValidator>().Bind(configuration.GetSection(EventOptions.Section));
        return services.AddSingleton<FollowerSlots>().AddSingleton<JobBroadcasts>();
    }
}
