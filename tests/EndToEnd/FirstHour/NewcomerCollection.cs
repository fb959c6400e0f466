namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>The page and the command line are tried on the same service, one after the other.</summary>
[CollectionDefinition(nameof(Newcomer))]
public sealed class NewcomerCollection : ICollectionFixture<Newcomer>;
