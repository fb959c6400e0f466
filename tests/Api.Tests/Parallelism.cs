using NeuralCapacitance.Api.Tests.Access;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Api.Tests.Sessions;
using NeuralCapacitance.EndToEnd;

[assembly: TestCollectionOrderer("NeuralCapacitance.Api.Tests.PagesFirst", "NeuralCapacitance.Api.Tests")]

namespace NeuralCapacitance.Api.Tests;

public sealed class PagesFirst() : LongestFirst(PagesCollectionDefinition.Name, ServiceCollectionDefinition.Name, nameof(TokenTests), nameof(SessionTests), nameof(SlowUploadTests));
