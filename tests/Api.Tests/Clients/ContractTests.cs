using System.Collections;
using System.Reflection;
using System.Text.Json;
using NeuralCapacitance.Client.Json;
using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Api.Tests.Clients;

/// <summary>NeuralCapacitance.Client says the same as the service's own OpenAPI document. What is new there has to be added to the client: src/Client/Models.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class ContractTests(ServiceFixture service)
{
    /// <summary>Schema → record. Several schemas of one record together have all of its members.</summary>
    private static readonly IReadOnlyDictionary<string, Type> Records = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["JobResponse"] = typeof(Job), ["JobProgress"] = typeof(JobProgress), ["JobLinks"] = typeof(JobLinks), ["Failure"] = typeof(Failure), ["RaceStanding"] = typeof(RaceStanding),
        ["JobRequest"] = typeof(JobSpec), ["JobSpec"] = typeof(JobSpec), ["CandidateSpec"] = typeof(CandidateSpec), ["NotifyRequest"] = typeof(NotifySpec), ["NotifySpec"] = typeof(NotifySpec), ["TrainingSpec"] = typeof(TrainingSpec), ["ProbeSpec"] = typeof(ProbeSpec),
        ["SelectionRequest"] = typeof(SelectionSpec), ["SelectionSpec"] = typeof(SelectionSpec), ["RaceRequest"] = typeof(RaceSpec), ["RaceSpec"] = typeof(RaceSpec), ["FinalizeSpec"] = typeof(FinalizeSpec),
        ["DatasetRequest"] = typeof(DatasetSpec), ["DatasetSpec"] = typeof(DatasetSpec), ["SyntheticSpec"] = typeof(SyntheticSpec),
        ["TrialResponse"] = typeof(Trial), ["TrialScoreResponse"] = typeof(TrialScore), ["ObservationResponse"] = typeof(Observation), ["DecisionResponse"] = typeof(Decision),
        ["Answer"] = typeof(Answer), ["RankingResponse"] = typeof(Ranking), ["RankedCandidateResponse"] = typeof(RankedCandidate), ["RankingWindow"] = typeof(RankingWindow), ["PredictorRanking"] = typeof(PredictorRanking),
        ["PredictedCandidate"] = typeof(PredictedCandidate), ["Agreement"] = typeof(Agreement), ["RankAgreement"] = typeof(RankAgreement), ["RankInterval"] = typeof(RankInterval),
        ["BetaAccuracyResponse"] = typeof(BetaAccuracy), ["BetaAccuracyCandidate"] = typeof(BetaAccuracyCandidate), ["BetaAccuracyPoint"] = typeof(BetaAccuracyPoint),
        ["FinalizationResponse"] = typeof(Finalization), ["ModelResponse"] = typeof(Model), ["FinalizeRequest"] = typeof(FinalizeRequest),
        ["JobEstimate"] = typeof(JobEstimate), ["ImageCounts"] = typeof(ImageCounts), ["CandidateEstimate"] = typeof(CandidateEstimate), ["CandidateCost"] = typeof(CandidateCost), ["SpecFault"] = typeof(Fault),
        ["BackboneList"] = typeof(BackboneList), ["BackboneInfo"] = typeof(Backbone), ["BackbonePattern"] = typeof(BackbonePattern), ["PublishedWeights"] = typeof(PublishedWeights), ["PredictorInfo"] = typeof(Predictor),
        ["DatasetSummary"] = typeof(Dataset), ["DatasetDetails"] = typeof(DatasetDetails), ["ClassCount"] = typeof(ClassCount), ["DatasetInspection"] = typeof(DatasetInspection), ["SideRange"] = typeof(SideRange),
        ["BrokenFile"] = typeof(BrokenFile), ["DuplicateImage"] = typeof(DuplicateImage), ["UploadResponse"] = typeof(UploadedDataset),
    };

    /// <summary>Schema → enum.</summary>
    private static readonly IReadOnlyDictionary<string, Type> Words = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["JobState"] = typeof(JobState), ["AnswerKind"] = typeof(AnswerKind), ["TrialState"] = typeof(TrialState), ["CandidateState"] = typeof(CandidateState), ["PredictionUnit"] = typeof(PredictionUnit), ["RaceAction"] = typeof(RaceAction),
        ["SelectionMode"] = typeof(SelectionMode), ["ModelHead"] = typeof(ModelHead), ["ExifOrientation"] = typeof(ExifOrientation), ["BrokenImage"] = typeof(BrokenImage),
    };

    /// <summary>What an operation answers.</summary>
    public static TheoryData<string, Type> Answers => new()
    {
        { "submitJob", typeof(Job) }, { "getJob", typeof(Job) }, { "cancelJob", typeof(Job) }, { "finalizeJob", typeof(Job) }, { "rankCandidates", typeof(Ranking) }, { "getBetaAccuracy", typeof(BetaAccuracy) },
        { "listTrials", typeof(Page<Trial>) }, { "listObservations", typeof(Page<Observation>) }, { "listDecisions", typeof(Page<Decision>) }, { "listJobs", typeof(Page<Job>) },
        { "exampleSpec", typeof(JobSpec) }, { "listBackbones", typeof(BackboneList) }, { "listPredictors", typeof(Page<Predictor>) }, { "listDatasets", typeof(Page<Dataset>) },
        { "getDataset", typeof(DatasetDetails) }, { "uploadDataset", typeof(UploadedDataset) },
    };

    [Fact]
    public async Task Every_field_of_the_document_has_a_member_of_its_kind_and_no_member_is_made_up()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        var faults = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, record) in Records)
        {
            if (!schemas.TryGetProperty(name, out var schema))
            {
                faults.Add($"The document has no schema {name} any more.");
                continue;
            }

            foreach (var field in schema.GetProperty("properties").EnumerateObject())
            {
                known.Add($"{record.Name}.{field.Name}");
                if (MemberOf(record, field.Name) is not { } member) faults.Add($"{record.Name} lacks {field.Name} (schema {name}).");
                else if (!Fits(field.Value, member)) faults.Add($"{record.Name}.{field.Name} is {member.PropertyType}; the document says {field.Value}.");
            }
        }

        foreach (var record in Records.Values.Distinct())
        {
            faults.AddRange(from member in Members(record)
                            let name = JsonNamingPolicy.CamelCase.ConvertName(member.Name)
                            where !known.Contains($"{record.Name}.{name}")
                            select $"{record.Name}.{name} is in no schema.");
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_word_of_the_document_is_known()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        foreach (var (name, type) in Words)
        {
            var words = Enum.GetValues(type).Cast<object>().Skip(1).Select(value => JsonSerializer.SerializeToElement(value, type, WireJson.Options).GetString());
            words.ShouldBe(schemas.GetProperty(name).GetProperty("enum").EnumerateArray().Select(word => word.GetString()), ignoreOrder: true, name);
        }
    }

    /// <summary>The examples are made by the code that makes the real answers.</summary>
    [Theory, MemberData(nameof(Answers))]
    public async Task Every_example_is_read_whole_and_written_as_it_was(string operation, Type type)
    {
        var found = (await DocumentAsync()).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Single(one => one.Value.GetProperty("operationId").GetString() == operation).Value;
        var body = found.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '2').MaxBy(answer => answer.Name, StringComparer.Ordinal).Value.GetProperty("content").GetProperty("application/json");
        var example = body.TryGetProperty("example", out var one) ? one : body.GetProperty("examples").EnumerateObject().First().Value.GetProperty("value");

        var read = JsonSerializer.Deserialize(example, type, WireJson.Options)!;

        Unread(read).ShouldBeEmpty();
        Differences("$", JsonSerializer.SerializeToElement(read, type, WireJson.Options), example).ShouldBeEmpty();
    }

    private async Task<JsonElement> DocumentAsync() => await service.GetAsync<JsonElement>("/swagger/v1/swagger.json");

    private static IEnumerable<PropertyInfo> Members(Type record)
        => record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.Name is not nameof(WireObject.Others) and not "EqualityContract");

    private static PropertyInfo? MemberOf(Type record, string field)
        => Members(record).FirstOrDefault(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name) == field);

    /// <summary>Null is allowed where the document allows it, and numbers are wide enough. Of what a reference leads to the document does not say whether it may be null.</summary>
    private static bool Fits(JsonElement schema, PropertyInfo member)
    {
        var isNullable = new NullabilityInfoContext().Create(member).ReadState is NullabilityState.Nullable;
        if (schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean() && !isNullable) return false;
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        return !schema.TryGetProperty("type", out var kind) || kind.GetString() switch
        {
            "integer" => type == (schema.GetProperty("format").GetString() is "int64" ? typeof(long) : typeof(int)),
            "number" => type == typeof(double),
            "boolean" => type == typeof(bool),
            "string" when schema.TryGetProperty("format", out var format) => type == (format.GetString() is "uuid" ? typeof(Guid) : typeof(DateTimeOffset)),
            "string" => type == typeof(string) || type == typeof(JsonElement),
            "array" => typeof(IEnumerable).IsAssignableFrom(type),
            _ => true,
        };
    }

    /// <summary>Fields for which there was no member, at any depth.</summary>
    private static IEnumerable<string> Unread(object? value) => value switch
    {
        null or string => [],
        IEnumerable items => items.Cast<object?>().SelectMany(Unread),
        WireObject read => (read.Others?.Keys ?? []).Select(field => $"{read.GetType().Name}.{field}").Concat(Members(read.GetType()).SelectMany(member => Unread(member.GetValue(read)))),
        _ when value.GetType().Name.StartsWith(nameof(Page<>), StringComparison.Ordinal) => Members(value.GetType()).SelectMany(member => Unread(member.GetValue(value))),
        _ => [],
    };

    /// <summary>Where one says what the other does not. Null and absent are the same.</summary>
    private static IEnumerable<string> Differences(string path, JsonElement written, JsonElement sent) => (written.ValueKind, sent.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => Fields(written).Concat(Fields(sent)).Distinct(StringComparer.Ordinal)
            .SelectMany(field => Differences($"{path}.{field}", FieldOf(written, field), FieldOf(sent, field))),
        (JsonValueKind.Array, JsonValueKind.Array) when written.GetArrayLength() == sent.GetArrayLength()
            => written.EnumerateArray().Zip(sent.EnumerateArray()).SelectMany((pair, index) => Differences($"{path}[{index}]", pair.First, pair.Second)),
        _ when JsonElement.DeepEquals(written, sent) => [],
        _ when DateTimeOffset.TryParse(written.ToString(), out var one) && DateTimeOffset.TryParse(sent.ToString(), out var other) && one == other => [],
        _ => [$"{path}: {written.GetRawText()}, sent {sent.GetRawText()}"],
    };

    private static IEnumerable<string> Fields(JsonElement value) => value.EnumerateObject().Select(field => field.Name);

    private static JsonElement FieldOf(JsonElement value, string field) => value.TryGetProperty(field, out var found) ? found : JsonSerializer.SerializeToElement<object?>(null);

    private sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor, long? NextAfter);
}
