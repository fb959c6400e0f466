using FsCheck;
using FsCheck.Fluent;

namespace NeuralCapacitance.Worker.Tests.Datasets.Folders;

/// <summary>However people call and wrap the parts of a data set, and whatever lies beside: it is read as the same one, or refused, and never as another.</summary>
public sealed class LayoutPropertyTests
{
    private static readonly (string Train, string Validation, string Test)[] Schemes =
    [
        ("train", "val", "test"), ("Training", "Validation", "Testing"), ("TRAIN", "VALID", "TEST"), ("train_set", "val_set", "test_set"), ("trn", "vld", "tst"), ("tr", "va", "te"),
        ("seg_train", "seg_val", "seg_test"), ("train2017", "val2017", "test2017"), ("birds-train", "birds-dev", "birds-test"), ("trainImages", "devImages", "testImages"),
        ("train", "eval", "holdout"), ("training data", "validation data", "test data"), ("DIV_train_HR", "DIV_valid_HR", "DIV_test_HR"),
    ];

    private static readonly string[] ClassNames = ["cat", "Dog", "n01443537", "golden retriever", "Ünï", "猫", "test", "train", "images of cats", "0", "1", "a.b", "labels", "Class_A"];

    private static Gen<Layout> Layouts { get; } =
        from scheme in Gen.Elements(Schemes)
        from classes in Gen.SubListOf<string>(ClassNames)
        from more in Gen.Elements(ClassNames)
        from hasValidation in Gen.Elements(true, false)
        from hasTest in Gen.Elements(true, false)
        from wrappers in Gen.Elements("", "wrap/", "archive/My Data (1)/", "data/raw/images/")
        from twice in Gen.Elements(true, false)
        from inner in Gen.Elements("", "images/", "2019/")
        from junk in Gen.Elements("", "readme.md", "__MACOSX/train/x/1.jpg", "labels.csv", ".git/a.jpg", "Thumbs.db", "notes/a.txt")
        select new Layout(scheme, [.. classes.Append("cat").Append(more).Append("Dog").Distinct()], hasValidation, hasTest || !hasValidation, wrappers, twice, inner, junk);

    [Fact]
    public void Parts_are_never_taken_for_classes_however_they_are_called_and_wrapped() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Layouts.ToArbitrary(), layout =>
    {
        using var data = new ImageFolderFixture();
        var parts = new[] { (Name: layout.Scheme.Train, Is: true, Count: 5), (Name: layout.Scheme.Validation, Is: layout.HasValidation, Count: 2), (Name: layout.Scheme.Test, Is: layout.HasTest, Count: 1) };
        foreach (var part in parts.Where(part => part.Is))
        {
            foreach (var name in layout.Classes)
                data.Grow("d", $"'{layout.Wrappers}{part.Name}{(layout.Twice ? $"/{part.Name}" : "")}/{name}/{layout.Inner.TrimEnd('/')}:{part.Count}'");
        }
        if (layout.Junk.Length > 0) data.Grow("d", layout.Junk);

        var info = data.Catalogue.Inspect(ImageFolderFixture.Folder("d"));
        info.Classes.Select(c => c.Class).ShouldBe(layout.Classes.Order(StringComparer.Ordinal));
        info.Classes.ShouldAllBe(c => c.Train == (info.ValidationImages + info.TestImages > 0 && layout.HasTest ? 5 : 4) && c.Test == 1 && c.Validation == (layout.HasValidation ? 2 : 0), layout.ToString());
    }));

    /// <summary>Folders of any names: whatever is read, no image is in two parts, and no class has a name that a part goes by while others like it hold the same folders.</summary>
    [Fact]
    public void Folders_with_the_same_subfolders_are_never_classes() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(
        (from names in Gen.SubListOf<string>(["one", "two", "three", "four", "train", "test", "val", "images", "masks"]).Where(names => names.Count >= 2)
         from classes in Gen.SubListOf<string>(ClassNames).Where(classes => classes.Count >= 2)
         select (names, classes)).ToArbitrary(),
        given =>
        {
            using var data = new ImageFolderFixture();
            foreach (var name in given.names)
                foreach (var inner in given.classes) data.Grow("d", $"'{name}/{inner}:3'");
            try
            {
                data.Catalogue.Inspect(ImageFolderFixture.Folder("d")).Classes.Select(c => c.Class).ShouldBe(given.classes.Order(StringComparer.Ordinal));
            }
            catch (Domain.Datasets.DatasetException e)
            {
                e.Field.ShouldBe("path");
            }
        }));

    private sealed record Layout(
        (string Train, string Validation, string Test) Scheme, IReadOnlyList<string> Classes, bool HasValidation, bool HasTest, string Wrappers, bool Twice, string Inner, string Junk)
    {
        public override string ToString() => $"{Scheme} {string.Join(',', Classes)} {HasValidation} {HasTest} {Wrappers} {Twice} {Inner} {Junk}";
    }
}
