using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class JobSpecReaderTests
{
    private const string Data = """ "dataset": { "name": "image-folder", "path": "birds" } """;
    private const string PreSplit = """ "dataset": { "name": "image-folder", "path": "pre-split" } """;
    private const string Pair = """ "candidates": ["resnet50", "vgg16"] """;

    private readonly JobSpecReader _reader = new(new FewBackbones(), new FewDatasets(), new OneWeightsFile());

    [Fact]
    public void Dataset_and_candidates_are_enough()
    {
        var spec = Accepted($$"""{ {{Data}}, {{Pair}} }""");

        spec.Candidates.Select(c => (c.Name, c.Backbone, c.Weights)).ShouldBe([("resnet50", "resnet50", "random"), ("vgg16", "vgg16", "random")]);
        spec.Training.ShouldBe(new TrainingSpec());
        spec.Probe.Hidden.ShouldBe([256, 128]);
        spec.Selection.ShouldBe(new SelectionSpec());
        spec.Priority.ShouldBe(0);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var spec = Accepted("""
            { "name": "mine", "priority": -7,
              "dataset": { "name": "synthetic", "classes": ["class0", "class1"], "synthetic": { "classes": 3, "trainImages": 300, "testImages": 30, "seed": 9 } },
              "candidates": ["cnn-small", { "backbone": "cnn-small", "weights": "file:job/a.safetensors" }, { "backbone": "vgg16", "name": "old" }],
              "training": { "epochs": 7, "batchSize": 16, "learningRate": 1e-2, "optimizer": "sgd", "momentum": 0.5, "weightDecay": 0.01, "imageSize": 64,
                            "repeats": 3, "seed": 5, "trainLimit": 100, "validation": 0.5, "saveWeights": true },
              "probe": { "hidden": [8, 4, 2], "dropout": 0, "samples": 50 },
              "selection": { "observe": 3, "start": 2, "mode": "full", "predictor": "last-seen", "confidence": 0.5, "scores": false } }
            """);

        spec.Name.ShouldBe("mine");
        spec.Priority.ShouldBe(-7);
        spec.Dataset.Classes.ShouldBe(["class0", "class1"]);
        spec.Dataset.Synthetic.ShouldBe(new SyntheticSpec { Classes = 3, TrainImages = 300, TestImages = 30, Seed = 9 });
        spec.Candidates.Select(c => c.Name).ShouldBe(["cnn-small", "cnn-small@file:job/a.safetensors", "old"]);
        spec.Training.ShouldBe(new TrainingSpec
        {
            Epochs = 7, BatchSize = 16, LearningRate = 0.01, Optimizer = "sgd", Momentum = 0.5, WeightDecay = 0.01, ImageSize = 64,
            Repeats = 3, Seed = 5, TrainLimit = 100, Validation = 0.5, SaveWeights = true,
        });
        spec.Probe.Hidden.ShouldBe([8, 4, 2]);
        (spec.Probe.Dropout, spec.Probe.Samples).ShouldBe((0, 50));
        spec.Selection.ShouldBe(new SelectionSpec { Observe = 3, Start = 2, Mode = SelectionMode.Full, Predictor = "last-seen", Confidence = 0.5, Scores = false });
    }

    [Fact]
    public void Null_and_auto_mean_the_default()
    {
        var spec = Accepted($$"""{ {{Data}}, {{Pair}}, "training": null, "selection": { "start": "auto", "observe": null } }""");

        spec.Training.ShouldBe(new TrainingSpec());
        spec.Selection.Start.ShouldBeNull();
        spec.Selection.Observe.ShouldBe(5);
    }

    [Theory]
    [InlineData("""{ DATA, PAIR, "training": { "batchSize": 1 } }""", "training.batchSize", "1", "from 2 to 700")]
    [InlineData("""{ DATA, PAIR, "training": { "batchSize": 2.5 } }""", "training.batchSize", "2.5", "from 2 to 700")]
    [InlineData("""{ DATA, PAIR, "training": { "batchSize": "64" } }""", "training.batchSize", "\"64\"", "from 2 to 700")]
    [InlineData("""{ DATA, PAIR, "training": { "batchsize": 64 } }""", "training.batchsize", "64", "batchSize")]
    [InlineData("""{ DATA, PAIR, "training": { "batchSize": 1000 } }""", "training.batchSize", "1000", "from 2 to 700")]
    [InlineData("""{ DATA, PAIR, "training": { "epochs": 0 } }""", "training.epochs", "0", "from 2 to 10000")]
    [InlineData("""{ DATA, PAIR, "training": { "learningRate": 0 } }""", "training.learningRate", "0", "above 0")]
    [InlineData("""{ DATA, PAIR, "training": { "learningRate": 1e999 } }""", "training.learningRate", "1e999", "above 0")]
    [InlineData("""{ DATA, PAIR, "training": { "optimizer": "adm" } }""", "training.optimizer", "\"adm\"", "sgd, adam, adamw")]
    [InlineData("""{ DATA, PAIR, "training": { "saveWeights": 1 } }""", "training.saveWeights", "1", "true or false")]
    [InlineData("""{ DATA, PAIR, "training": { "validation": 1000 } }""", "training.validation", "1000", "from 1 to 936")]
    [InlineData("""{ DATA, PAIR, "training": { "validation": 1.5 } }""", "training.validation", "1.5", "a fraction")]
    [InlineData("""{ DATA, PAIR, "training": { "trainLimit": 701 } }""", "training.trainLimit", "701", "from 64 to 700")]
    [InlineData("""{ DATA, PAIR, "training": { "imageSize": 4 } }""", "training.imageSize", "4", "from 8 to 1024")]
    [InlineData("""{ DATA, PAIR, "training": { "batchSize": 683, "imageSize": 1024 } }""", "training.batchSize", "683", "from 2 to 682")]
    [InlineData("""{ DATA, PAIR, "training": [] }""", "training", "[]", "an object")]
    [InlineData("""{ DATA, PAIR, "probe": { "hidden": [256] } }""", "probe.hidden", null, "2 to 8 widths")]
    [InlineData("""{ DATA, PAIR, "probe": { "hidden": [256, 0] } }""", "probe.hidden[1]", "0", "from 1 to 8192")]
    [InlineData("""{ DATA, PAIR, "probe": { "dropout": 1 } }""", "probe.dropout", "1", "below 1")]
    [InlineData("""{ DATA, PAIR, "selection": { "start": "later" } }""", "selection.start", "\"later\"", "auto")]
    [InlineData("""{ DATA, PAIR, "selection": { "observe": 1 } }""", "selection.observe", "1", "from 2")]
    [InlineData("""{ DATA, PAIR, "selection": { "observe": 51 } }""", "selection.observe", "51", "at most 50")]
    [InlineData("""{ DATA, PAIR, "selection": { "observe": 5, "start": 46 } }""", "selection.start", "46", "at most 50")]
    [InlineData("""{ DATA, PAIR, "selection": { "start": 49 } }""", "selection.start", "49", "at most 50")]
    [InlineData("""{ DATA, PAIR, "selection": { "mode": "rally" } }""", "selection.mode", "\"rally\"", "early, full, race")]
    [InlineData("""{ DATA, PAIR, "selection": { "race": { "dropBelow": 0.1 } } }""", "selection.race", "{ \"dropBelow\": 0.1 }", "mode race")]
    [InlineData("""{ DATA, PAIR, "selection": { "mode": "race", "race": 3 } }""", "selection.race", "3", "an object")]
    [InlineData("""{ DATA, PAIR, "selection": { "mode": "race", "race": { "dropBelow": 0.6 } } }""", "selection.race.dropBelow", "0.6", "from 0 to 0.5")]
    [InlineData("""{ DATA, PAIR, "selection": { "mode": "race", "race": { "tolerance": -1 } } }""", "selection.race.tolerance", "-1", "from 0 to 1")]
    [InlineData("""{ DATA, PAIR, "selection": { "mode": "race", "race": { "drop": 0.1 } } }""", "selection.race.drop", "0.1", "dropBelow, tolerance")]
    [InlineData("""{ DATA, PAIR, "selection": { "predictor": "neural-capacity" } }""", "selection.predictor", "\"neural-capacity\"", "neural-capacitance")]
    [InlineData("""{ DATA, PAIR, "priority": 101 }""", "priority", "101", "from -100 to 100")]
    [InlineData("""{ DATA, PAIR, "priority": 1, "priority": 2 }""", "priority", "2", "once")]
    [InlineData("""{ DATA }""", "candidates", null, "2 to 200")]
    [InlineData("""{ DATA, "candidates": "resnet50" }""", "candidates", "\"resnet50\"", "a list")]
    [InlineData("""{ DATA, "candidates": ["vgg16"] }""", "candidates", null, "2 to 200")]
    [InlineData("""{ DATA, "candidates": ["vgg16", 7] }""", "candidates[1]", "7", "an object with")]
    [InlineData("""{ DATA, "candidates": ["vgg16", "vgg16"] }""", "candidates[1]", "\"vgg16\"", "a `name` of its own")]
    [InlineData("""{ DATA, "candidates": ["vgg16", "resnet5"] }""", "candidates[1]", "\"resnet5\"", "mobilenetv2")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "weights": "random" }] }""", "candidates[1].backbone", null, "a backbone")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "resnet50", "weights": "imagenet" }] }""", "candidates[1].weights", "\"imagenet\"", "random, file:PATH")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "mobilenetv2", "weights": "imagenet" }] }""", "candidates[1].weights", "\"imagenet\"", "the file in its place")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "resnet50", "weights": "file:b" }] }""", "candidates[1].weights", "\"file:b\"", "artifact root")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "resnet50", "weights": "file:circle" }] }""", "candidates[1].weights", "\"file:circle\"", "artifact root")]
    [InlineData("""{ DATA, "candidates": ["vgg16", "torchscript"] }""", "candidates[1]", "\"torchscript\"", "file:my.pt")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "torchscript" }] }""", "candidates[1].weights", null, "file:PATH of a TorchScript file")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "torchscript", "weights": "random" }] }""", "candidates[1].weights", "\"random\"", "file:PATH of a TorchScript file")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "torchscript", "weights": "file:gone.pt" }] }""", "candidates[1].weights", "\"file:gone.pt\"", "file:PATH of a TorchScript file")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "torchscript", "weights": 3 }] }""", "candidates[1].weights", "3", "file:PATH of a TorchScript file")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "torchscript", "weights": "file:my.pt", "module": 1 }] }""", "candidates[1].module", "1", "the dotted name")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "resnet50", "module": "layer1" }] }""", "candidates[1].module", "\"layer1\"", "no `module`")]
    [InlineData("""{ DATA, "candidates": ["vgg16", "cell:half"] }""", "candidates[1]", "\"cell:half\"", "cell:WHOLE")]
    [InlineData("""{ DATA, "candidates": ["vgg16", { "backbone": "resnet50", "weigths": "random" }] }""", "candidates[1].weigths", "\"random\"", "weights")]
    [InlineData("""{ PRESPLIT, PAIR, "training": { "validation": 0.2 } }""", "training.validation", "0.2", "null")]
    [InlineData("""{ PRESPLIT, PAIR, "training": { "trainLimit": 1001 } }""", "training.trainLimit", "1001", "from 64 to 1000")]
    [InlineData("""{ PAIR }""", "dataset", null, "image-folder")]
    [InlineData("""{ PAIR, "dataset": 3 }""", "dataset", "3", "an object")]
    [InlineData("""{ PAIR, "dataset": {} }""", "dataset.name", null, "image-folder")]
    [InlineData("""{ PAIR, "dataset": { "name": "cifar" } }""", "dataset.name", "\"cifar\"", "cifar10, image-folder, svhn, synthetic")]
    [InlineData("""{ PAIR, "dataset": { "name": 10 } }""", "dataset.name", "10", "cifar10, image-folder, svhn, synthetic")]
    [InlineData("""{ PAIR, "dataset": { "name": "synthetic", "path": "birds" } }""", "dataset.path", "\"birds\"", "no path")]
    [InlineData("""{ PAIR, "dataset": { "name": "image-folder" } }""", "dataset.path", null, "the folder")]
    [InlineData("""{ PAIR, "dataset": { "name": "image-folder", "path": "birds", "exif": "turn" } }""", "dataset.exif", "\"turn\"", "ignore, apply")]
    [InlineData("""{ PAIR, "dataset": { "name": "image-folder", "path": "birds", "exif": true } }""", "dataset.exif", "true", "ignore, apply")]
    [InlineData("""{ PAIR, "dataset": { "name": "cifar10", "exif": "apply" } }""", "dataset.exif", "\"apply\"", "no exif")]
    [InlineData("""{ PAIR, "dataset": { "name": "image-folder", "path": "/etc" } }""", "dataset.path", "/etc", "GET /api/v1/datasets")]
    [InlineData("""{ PAIR, "dataset": { "name": "image-folder", "path": "birds", "synthetic": {} } }""", "dataset.synthetic", null, "no `synthetic` section")]
    [InlineData("""{ PAIR, "dataset": { "name": "synthetic", "synthetic": { "classes": 1 } } }""", "dataset.synthetic.classes", "1", "from 2 to 10")]
    [InlineData("""{ PAIR, "dataset": { "name": "synthetic", "classes": ["a", "a"] } }""", "dataset.classes[1]", "\"a\"", "different")]
    [InlineData("""{ DATA, PAIR, "name": "a\u0000b" }""", "$", null, "without NUL")]
    [InlineData("""{ DATA, PAIR, "name": "\ud800" }""", "$", null, "Unicode")]
    [InlineData("[]", "$", "[]", "an object")]
    [InlineData("{", "$", null, "a JSON object")]
    [InlineData("", "$", null, "a JSON object")]
    public void A_fault_says_where_what_and_what_is_accepted(string json, string path, string? value, string accepted)
    {
        var faults = _reader.Read(json.Replace("DATA", Data).Replace("PRESPLIT", PreSplit).Replace("PAIR", Pair)).Faults;

        var fault = faults.ShouldHaveSingleItem(string.Join('\n', faults));
        fault.Path.ShouldBe(path);
        fault.Value.ShouldBe(value);
        fault.Accepted.ShouldContain(accepted);
    }

    [Fact]
    public void A_race_has_rules_of_its_own_and_no_other_mode_has()
    {
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "race" } }""").Selection.Race.ShouldBe(new RaceSpec { DropBelow = 0.01, Tolerance = 0.005 });
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "race", "race": { "dropBelow": 0, "tolerance": 0.02 } } }""").Selection.Race
            .ShouldBe(new RaceSpec { DropBelow = 0, Tolerance = 0.02 });
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "race": null } }""").Selection.Race.ShouldBeNull();
    }

    [Fact]
    public void A_race_looks_as_early_as_it_can_unless_told_otherwise()
    {
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "race" } }""").Selection.Observe.ShouldBe(2);
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "race", "observe": 4 } }""").Selection.Observe.ShouldBe(4);
        Accepted($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "early" } }""").Selection.Observe.ShouldBe(5);
    }

    [Fact]
    public void A_race_is_decided_by_accuracies_with_their_uncertainty()
    {
        foreach (var predictor in PredictorNames.All)
        {
            var result = _reader.Read($$"""{ {{Data}}, {{Pair}}, "selection": { "mode": "race", "predictor": "{{predictor}}" } }""");
            if (RaceSpec.Predictors.Contains(predictor)) result.Spec.ShouldNotBeNull();
            else result.Faults.ShouldHaveSingleItem().Path.ShouldBe("selection.predictor");
        }
        RaceSpec.Predictors.ShouldBeSubsetOf(PredictorNames.All);
        RaceSpec.Predictors.ShouldAllBe(name => PredictorCatalogue.Get(name).Unit == PredictionUnit.Accuracy);
    }

    [Fact]
    public void Published_weights_are_taken_where_they_can_be_had()
    {
        var spec = _reader.Read($$"""{ {{Data}}, "candidates": ["vgg16", { "backbone": "resnet18", "weights": "imagenet" }] }""").Spec.ShouldNotBeNull();
        spec.Candidates[1].ShouldBe(new CandidateSpec { Name = "resnet18@imagenet", Backbone = "resnet18", Weights = "imagenet" });
        Faults($$"""{ {{Data}}, "candidates": [{ "backbone": "mobilenetv2", "weights": "imagenet" }, { "backbone": "resnet18", "weights": "imagenet" }] }""")
            .ShouldHaveSingleItem().Problem.ShouldBe("is not available: no mobilenetv2.pth");
    }

    [Fact]
    public void A_candidate_is_pretrained_where_somebody_published_weights_and_it_says_nothing_else()
    {
        var spec = Accepted($$"""
            { {{Data}}, "candidates": ["resnet18", { "backbone": "resnet18", "name": "mine" }, { "backbone": "resnet18", "weights": null, "name": "its" },
                { "backbone": "resnet18", "weights": "random" }, "vgg16", { "backbone": "cnn-small" }] }
            """);

        spec.Candidates.Select(c => (c.Name, c.Weights)).ShouldBe(
            [("resnet18@imagenet", "imagenet"), ("mine", "imagenet"), ("its", "imagenet"), ("resnet18", "random"), ("vgg16", "random"), ("cnn-small", "random")]);
    }

    [Fact]
    public void Published_weights_that_cannot_be_had_are_told_with_both_ways_out()
    {
        var faults = Faults($$"""
            { {{Data}}, "candidates": ["mobilenetv2", { "backbone": "mobilenetv2", "name": "mine" }, { "backbone": "mobilenetv2", "weights": "imagenet", "name": "its" },
                { "backbone": "mobilenetv2", "weights": "random" }] }
            """);

        faults.ShouldBe(
        [
            Obstacle("candidates[0]", "\"mobilenetv2\"", "says no other `weights`, so the published ones are wanted; they are not available: no mobilenetv2.pth", "the file in its place, or an object with `\"weights\": \"random\"` or `\"weights\": \"file:PATH\"`"),
            Obstacle("candidates[1].weights", null, "says no other `weights`, so the published ones are wanted; they are not available: no mobilenetv2.pth", "the file in its place, or an object with `\"weights\": \"random\"` or `\"weights\": \"file:PATH\"`"),
            Obstacle("candidates[2].weights", "\"imagenet\"", "is not available: no mobilenetv2.pth", "the file in its place, or `random`, or `file:PATH`"),
        ]);

        static SpecFault Obstacle(string path, string? value, string problem, string accepted) => new(path, value, problem, accepted) { IsObstacle = true };
    }

    [Theory]
    [InlineData("batchsize", "batchSize")]
    [InlineData("learning", "learningRate")]
    [InlineData("epoch", "epochs")]
    public void An_unknown_field_is_met_with_a_suggestion(string typed, string meant)
        => Faults($$"""{ {{Data}}, {{Pair}}, "training": { "{{typed}}": 1 } }""").ShouldHaveSingleItem().Problem.ShouldContain($"did you mean {meant}?");

    [Fact]
    public void A_model_of_the_users_own_is_a_file_and_perhaps_one_of_its_submodules()
    {
        var spec = Accepted("""
            { "dataset": { "name": "synthetic" }, "candidates": [
              { "backbone": "torchscript", "weights": "file:my.pt" },
              { "backbone": "torchscript", "weights": "file:my.pt", "module": "features.0" },
              { "backbone": "torchscript", "weights": "file:my.pt", "module": "features", "name": "mine" }] }
            """);

        spec.Candidates.Select(c => (c.Name, c.Backbone, c.Weights, c.Module)).ShouldBe(
        [
            ("torchscript@file:my.pt", "torchscript", "file:my.pt", null),
            ("torchscript@file:my.pt#features.0", "torchscript", "file:my.pt", "features.0"),
            ("mine", "torchscript", "file:my.pt", "features"),
        ]);
    }

    [Fact]
    public void An_unknown_backbone_is_met_with_the_nearest_names()
        => Faults($$"""{ {{Data}}, "candidates": ["vgg16", "resnet5"] }""").ShouldHaveSingleItem().Problem.ShouldContain("did you mean resnet50 or resnet18?");

    [Fact]
    public void Every_fault_is_reported_at_once()
    {
        var faults = Faults("""
            { "dataset": { "name": "image-folder", "path": "nowhere", "paht": 1 },
              "candidates": ["resnet", { "backbone": "vgg16", "weights": "imagenet" }, { "backbone": 3 }],
              "training": { "epochs": 3, "batchSize": 0, "seed": -1 },
              "probe": { "hidden": "wide" },
              "selection": { "observe": 5, "confidence": 1 }, "mode": "early" }
            """);

        faults.Select(f => f.Path).ShouldBe(
            ["dataset.paht", "candidates[0]", "candidates[1].weights", "candidates[2].backbone", "training.batchSize", "training.seed",
             "probe.hidden", "selection.confidence", "mode", "selection.observe"]);
    }

    [Fact]
    public void Rules_between_fields_are_silent_about_a_field_that_is_at_fault_itself()
        => Faults($$"""{ {{Data}}, {{Pair}}, "training": { "epochs": -3 }, "selection": { "observe": 60 } }""")
            .ShouldHaveSingleItem().Path.ShouldBe("training.epochs");

    [Theory]
    [InlineData(""" "optimizer": "adamw" """, 0.01)]
    [InlineData(""" "optimizer": "adamw", "weightDecay": 0 """, 0)]
    [InlineData(""" "optimizer": "adam" """, 0)]
    [InlineData(""" "optimizer": "sgd" """, 0)]
    public void Weight_decay_defaults_to_PyTorchs_for_the_optimizer(string training, double weightDecay)
        => Accepted($$"""{ {{Data}}, {{Pair}}, "training": { {{training}} } }""").Training.WeightDecay.ShouldBe(weightDecay);

    [Fact]
    public void Validation_defaults_to_the_papers_number_bounded_by_three_tenths()
    {
        new TrainingSpec().ValidationImages(50_000).ShouldBe(15_000);
        new TrainingSpec().ValidationImages(1_000).ShouldBe(300);
        new TrainingSpec { Validation = 0.25 }.ValidationImages(1_000).ShouldBe(250);
        new TrainingSpec { Validation = 1 }.ValidationImages(1_000).ShouldBe(1);
    }

    [Theory]
    [InlineData(SelectionMode.Full, null, 50)]
    [InlineData(SelectionMode.Early, null, 5)]
    [InlineData(SelectionMode.Early, 3, 8)]
    [InlineData(SelectionMode.Race, 3, 8)]
    public void Epochs_are_trained_as_far_as_the_selection_needs(SelectionMode mode, int? start, int epochs)
    {
        var spec = Accepted($$"""{ {{Data}}, {{Pair}} }""");

        (spec with { Selection = spec.Selection with { Mode = mode, Start = start } }).EpochsTarget().ShouldBe(epochs);
    }

    [Fact]
    public void A_set_that_brings_validation_images_leaves_all_others_to_train_on()
        => Accepted($$"""{ {{PreSplit}}, {{Pair}}, "training": { "trainLimit": 1000 } }""").Training.TrainLimit.ShouldBe(1_000);

    [Fact]
    public void What_is_merely_absent_is_told_apart_from_what_is_wrong()
    {
        var absent = _reader.Read("""{ "dataset": { "name": "svhn" }, "candidates": ["resnet18", { "backbone": "mobilenetv2", "weights": "imagenet" }] }""");
        absent.Spec.ShouldBeNull();
        absent.Faults.Select(fault => fault.Path).ShouldBe(["candidates[1].weights", "dataset.path"]);
        absent.Faults.ShouldAllBe(fault => fault.IsObstacle);
        absent.Intended.ShouldNotBeNull().Training.Epochs.ShouldBe(50);

        var wrong = _reader.Read("""{ "dataset": { "name": "svhn" }, "candidates": ["resnet18", "resnet50"], "training": { "trainLimit": 100000 } }""");
        wrong.Faults.Select(fault => (fault.Path, fault.IsObstacle)).ShouldBe([("dataset.path", true), ("training.trainLimit", false)]);
        wrong.Intended.ShouldBeNull();
    }

    [Fact]
    public void Arbitrary_json_is_never_more_than_faulty()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(JsonGen.Documents.ToArbitrary(), json =>
        {
            var result = _reader.Read(json);
            return (result.Spec is null) == (result.Faults.Count > 0);
        }));

    [Fact]
    public void Arbitrary_text_is_never_more_than_faulty()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll<string>(text => _reader.Read(text ?? "").Spec is null));

    [Fact]
    public void A_resolved_spec_survives_being_written_and_read()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(SpecGen.Specs.ToArbitrary(), spec =>
        {
            var json = JobSpecJson.Write(spec);
            JobSpecJson.Write(Accepted(json)).ShouldBe(json);
            JobSpecJson.Write(JobSpecJson.Parse(json)).ShouldBe(json);
        }));

    [Fact]
    public void A_resolved_spec_is_written_as_a_client_would_write_it()
        => JobSpecJson.Write(Accepted($$"""{ {{Data}}, {{Pair}} }""")).ShouldContain(
            """ "selection":{"observe":5,"start":"auto","mode":"early","predictor":"neural-capacitance","confidence":0.9,"scores":true} """.Trim());

    private IReadOnlyList<SpecFault> Faults(string json) => _reader.Read(json).Faults;

    private JobSpec Accepted(string json)
    {
        var result = _reader.Read(json);
        result.Faults.ShouldBeEmpty();
        return result.Spec.ShouldNotBeNull();
    }
}
