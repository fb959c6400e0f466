using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;

namespace NeuralCapacitance.Worker.Models;

/// <summary>Python that loads a model's file with plain PyTorch. Whatever is not architecture it reads from the file itself.</summary>
public static class PyTorchSnippet
{
    public const string MediaType = "text/x-python";

    /// <summary>The module with our own backbones that some snippets import; tools/ has it, and so has this assembly.</summary>
    public const string BackbonesFile = "pytorch_backbones.py";

    /// <summary>Constructors of torchvision by our names; parameter names are the same (docs: tools/goldens_backbones.py).</summary>
    private static readonly Dictionary<string, string> Torchvision = new(StringComparer.Ordinal)
    {
        ["alexnet"] = "alexnet({0})",
        ["densenet121"] = "densenet121({0})",
        ["densenet169"] = "densenet169({0})",
        ["densenet201"] = "densenet201({0})",
        ["inceptionv3"] = "inception_v3({0}, aux_logits=False, init_weights=False)",
        ["mobilenetv2"] = "mobilenet_v2({0})",
        ["resnet18"] = "resnet18({0})",
        ["resnet18-mlnet"] = "resnet.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 3], {0})",
        ["resnet50"] = "resnet50({0})",
        ["resnet101"] = "resnet101({0})",
        ["resnet152"] = "resnet152({0})",
        ["vgg16"] = "vgg16({0})",
        ["vgg19"] = "vgg19({0})",
    };

    /// <summary>The text of <see cref="BackbonesFile"/>.</summary>
    public static string Backbones { get; } = ReadBackbones();

    /// <param name="candidate">Of the finalization.</param>
    /// <param name="file">Name of the model's file.</param>
    public static string For(BackboneCatalogue backbones, CandidateSpec candidate, ModelHead head, string file) => string.Join('\n', (string[])
    [
        Head(candidate, head, file),
        .. head is ModelHead.Linear ? [] : (string[])[Probe],
        Architecture(backbones, candidate, head),
        Rest,
    ]);

    private static string Head(CandidateSpec candidate, ModelHead head, string file) =>
        $$"""
        # {{Comment(candidate.Name)}} with the head {{ModelHeads.NameOf(head)}}: loads {{file}} with PyTorch (1.13 or later).
        import json
        import math
        import struct
        import sys
        from collections import OrderedDict

        import torch
        from torch import nn


        def read_safetensors(path):
            with open(path, "rb") as file:
                header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
                data = bytearray(file.read())
            about = header.pop("__metadata__")
            types = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
            return about, {
                name: torch.frombuffer(data, dtype=types[t["dtype"]], count=math.prod(t["shape"]), offset=t["data_offsets"][0]).reshape(t["shape"])
                for name, t in header.items()}


        about, state = read_safetensors(sys.argv[1] if len(sys.argv) > 1 else "{{file}}")
        classes = json.loads(about["classes"])
        pixels = json.loads(about["pixels"])

        """;

    private const string Probe =
        """

        def probe():
            settings, layers, width = json.loads(about["probe"]), OrderedDict(), int(about["feature_width"])
            for i, hidden in enumerate(settings["hidden"], start=1):
                layers[f"dense{i}"] = nn.Linear(width, hidden)
                layers[f"norm{i}"] = nn.BatchNorm1d(hidden)
                layers[f"relu{i}"] = nn.ReLU()
                layers[f"dropout{i}"] = nn.Dropout(settings["dropout"])
                width = hidden
            layers[f"dense{len(settings['hidden']) + 1}"] = nn.Linear(width, len(classes))
            return nn.Sequential(layers)


        """;

    private const string Rest =
        """"
        model.load_state_dict(state)
        model.eval()


        def preprocess(images):
            """RGB bytes N x 3 x H x W, resized to about["image_size"] (bilinear with antialias, aspect ratio not kept), to what the model takes."""
            mean, std = (torch.tensor(pixels[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
            images = (images.float() / pixels["divisor"] - mean) / std
            given, used = int(about["image_size"]), int(about["input_size"])
            return images if used == given else nn.functional.interpolate(images, size=(used, used), mode="bilinear", align_corners=False)


        def open_image(path):
            from PIL import Image

            side = int(about["image_size"])
            image = Image.open(path).convert("RGB").resize((side, side), Image.BILINEAR)
            return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(1, side, side, 3).permute(0, 3, 1, 2)


        if __name__ == "__main__":
            for path in sys.argv[2:]:
                with torch.no_grad():
                    share, best = model(preprocess(open_image(path))).softmax(1).max(1)
                print(f"{path}: {classes[best]} ({share.item():.0%})")

        """";

    private static string Architecture(BackboneCatalogue backbones, CandidateSpec candidate, ModelHead head)
    {
        var onTop = head is ModelHead.Linear ? "nn.Linear(int(about[\"feature_width\"]), len(classes))" : "probe()";
        if (candidate.Backbone is TorchScriptBackbone.Name) return Scripted(candidate, onTop);
        if (Torchvision.TryGetValue(candidate.Backbone, out var constructor))
        {
            var place = Indexed(backbones.Get(candidate.Backbone).Head!);
            return $"import torchvision\n\nmodel = torchvision.models.{constructor.Replace("{0}", "num_classes=len(classes)", StringComparison.Ordinal)}\n"
                + (head is ModelHead.Linear ? "" : $"model.{place} = probe()\n");
        }
        if (Backbones.Contains($"\"{candidate.Backbone}\":", StringComparison.Ordinal) || backbones.Find(candidate.Backbone) is { Family: "nasbench201" })
            return $"from pytorch_backbones import create  # {BackbonesFile}: GET /api/v1/backbones/{BackbonesFile}\n\nmodel = create(\"{candidate.Backbone}\", {onTop})\n";
        var headName = ModelFile.HeadName(backbones, candidate.Backbone);
        return
            $"""
            # torchvision has no {candidate.Backbone}, and no definition comes with the service. Write one as Keras Applications builds it, its layers called as the
            # tensors in `state` (src/Worker/Backbones has it in C#), with `{headName}` = {onTop} behind the pooling:
            from my_{candidate.Backbone} import Network

            model = Network({headName}={onTop})

            """;
    }

    private static string Scripted(CandidateSpec candidate, string onTop) =>
        $"""
        class Network(nn.Module):
            def __init__(self):
                super().__init__()
                # The file that the job was given.
                self.model = torch.jit.load({Quoted(candidate.Weights[CandidateSpec.FilePrefix.Length..])}){(candidate.Module is { } module ? $".get_submodule({Quoted(module)})" : "")}
                self.{ModelFile.OwnHead} = {onTop}

            def forward(self, images):
                features = self.model(images)
                return self.{ModelFile.OwnHead}(features.mean([2, 3]) if features.dim() == 4 else features)


        model = Network()

        """;

    /// <summary><c>classifier.6</c> is Python's <c>classifier[6]</c>.</summary>
    private static string Indexed(string name) => string.Concat(name.Split('.').Select((part, i) => char.IsAsciiDigit(part[0]) ? $"[{part}]" : i == 0 ? part : $".{part}"));

    /// <summary>A JSON string is a Python one.</summary>
    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>A name may hold line breaks.</summary>
    private static string Comment(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string ReadBackbones()
    {
        using var stream = typeof(PyTorchSnippet).Assembly.GetManifestResourceStream(BackbonesFile)
            ?? throw new InvalidOperationException($"The assembly was built without tools/{BackbonesFile}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
