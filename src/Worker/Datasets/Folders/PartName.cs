using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>What a folder's name says its images are for.</summary>
internal enum Part
{
    Train,
    Validation,
    Test,

    /// <summary>Used for both: it is the validation set where there is none, else the test set.</summary>
    Evaluation,

    /// <summary>A test set, unless there is another one.</summary>
    HoldOut,

    /// <summary>Images to be predicted, of no known class.</summary>
    Unlabelled,
}

/// <summary>A folder's name, taken as that of a part of a data set.</summary>
/// <param name="Part">What it is for.</param>
/// <param name="Affix">
/// What else the name says: <c>seg</c> of <c>seg_train</c>, <c>cats</c> of <c>train_cats</c>. Empty: nothing but the part's name, as <c>Training</c>, <c>test_set</c> or <c>trainImages</c>.
/// </param>
/// <param name="IsShort">Two letters, which may well mean something else.</param>
internal sealed partial record PartName(Part Part, string Affix, bool IsShort)
{
    private static readonly (Part Part, string Words)[] Known =
    [
        (Part.Train, "train training trains trn learn learning trainval trainvalid traindev treino treinamento entrenamiento apprentissage entrainement addestramento 训练 训练集"),
        (Part.Validation, "val valid validation validate validating vld dev devel development tune tuning validacion validacao validazione 验证 验证集"),
        (Part.Test, "test testing tests tst prueba teste 测试 测试集"),
        (Part.Evaluation, "eval evaluation evaluate"),
        (Part.HoldOut, "holdout heldout"),
        (Part.Unlabelled, "pred predict prediction predictions inference unlabeled unlabelled"),
    ];

    private static readonly (Part Part, string Words)[] Short = [(Part.Train, "tr"), (Part.Validation, "va vl"), (Part.Test, "te ts")];

    /// <summary>Words that go with any part's name and change nothing.</summary>
    private static readonly string[] Neutral =
    [
        "set", "sets", "data", "dataset", "datasets", "image", "images", "img", "imgs", "photo", "photos", "picture", "pictures", "pics", "split", "subset", "part", "folder",
        "dir", "sample", "samples", "files", "jpg", "jpeg", "png",
    ];

    private static readonly FrozenDictionary<string, Part> Words = Known
        .SelectMany(known => known.Words.Split(' '), (known, word) => (known.Part, Word: word))
        .SelectMany(known => Neutral.SelectMany(neutral => new[] { known.Word + neutral, neutral + known.Word }).Prepend(known.Word), (known, word) => (known.Part, Word: word))
        .DistinctBy(known => known.Word)
        .ToFrozenDictionary(known => known.Word, known => known.Part, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Part> ShortWords = Short
        .SelectMany(known => known.Words.Split(' '), (known, word) => (known.Part, Word: word)).ToFrozenDictionary(known => known.Word, known => known.Part, StringComparer.Ordinal);

    /// <summary>Whether the name alone makes a folder a part. One that says more, or is short, needs a second that says the same of another part.</summary>
    public bool IsPlain => Affix.Length == 0 && !IsShort;

    /// <summary>Null: the name is none of a part's, or of several.</summary>
    public static PartName? Of(string name)
    {
        var words = WordsOf(name);
        if (words is [var only] && ShortWords.TryGetValue(only, out var brief)) return new PartName(brief, "", IsShort: true);
        var parts = words.Where(Words.ContainsKey).Select(word => Words[word]).Distinct().ToArray();
        Part? part = parts switch
        {
            [var one] => one,
            [Part.Train, Part.Validation] => Part.Train, // train_val beside test
            _ => null,
        };
        return part is { } found ? new PartName(found, string.Join(' ', words.Where(word => !Words.ContainsKey(word) && !Neutral.Contains(word, StringComparer.Ordinal))), IsShort: false) : null;
    }

    /// <summary>A folder that only says that images are in it.</summary>
    public static bool IsNeutral(string name) => WordsOf(name) is { Length: > 0 } words && words.All(word => Neutral.Contains(word, StringComparer.Ordinal));

    /// <summary>In lower case, taken apart at signs, at capitals after small letters, and between letters and digits.</summary>
    private static string[] WordsOf(string name)
    {
        var text = HeldOut().Replace(name, "holdout");
        return [.. Word().Matches(text).Select(match => match.Value.ToLowerInvariant())];
    }

    [GeneratedRegex(@"(?i)(?:hold|held)[\s_-]*out", RegexOptions.None, 1000)]
    private static partial Regex HeldOut();

    [GeneratedRegex(@"\p{Lu}*[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{Lu}+|\p{N}+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
