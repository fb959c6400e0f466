using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>
/// The weights behind <c>imagenet</c>: those of torchvision (IMAGENET1K_V1, so that a backbone's are of one training recipe and as old as its
/// paper's experiments) and, for the architectures that it lacks, of Keras Applications. torchvision publishes the first 8 digits of SHA-256 in the
/// names; Keras an MD5 or SHA-256 in its sources (keras/src/applications). Both publish the accuracies, in percent: torchvision's <c>acc@1</c> with each file's
/// metadata, Keras in the table of keras.io/api/applications.
/// </summary>
public static class ImageNetManifest
{
    private const string Data = "trained on ImageNet (ILSVRC 2012), whose images are given for non-commercial research and education";

    private static readonly Dictionary<string, PublishedWeights> All = new(StringComparer.Ordinal)
    {
        ["alexnet"] = TorchVision("alexnet-owt-7be5be79", top1: 56.522),
        ["densenet121"] = TorchVision("densenet121-a639ec97", top1: 74.434),
        ["densenet169"] = TorchVision("densenet169-b2777c0a", top1: 75.600),
        ["densenet201"] = TorchVision("densenet201-c1103571", top1: 76.896),
        ["inceptionv3"] = TorchVision("inception_v3_google-0cc3c7bd", top1: 77.294),
        ["mobilenetv2"] = TorchVision("mobilenet_v2-b0353104", top1: 71.878),
        ["resnet18"] = TorchVision("resnet18-f37072fd", top1: 69.758),
        ["resnet50"] = TorchVision("resnet50-0676ba61", top1: 76.130),
        ["resnet101"] = TorchVision("resnet101-63fe2227", top1: 77.374),
        ["resnet152"] = TorchVision("resnet152-394f9c45", top1: 78.312),
        ["vgg16"] = TorchVision("vgg16-397923af", top1: 71.592),
        ["vgg19"] = TorchVision("vgg19-dcbb9e9d", top1: 72.376),
        ["inceptionresnetv2"] = Keras("inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels", top1: 80.3, md5: "e693bd0210a403b3192acc6073ad2e96"),
        ["mobilenet"] = Keras("mobilenet/mobilenet_1_0_224_tf", top1: 70.4, sha256: "006a2d9484fbea625dd4e6518652c101a3eca052671671c56265fc84f2e1181f"),
        ["resnet50v2"] = Keras("resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels", top1: 76.0, md5: "3ef43a0b657b3be2300d5770ece849e0"),
        ["resnet101v2"] = Keras("resnet/resnet101v2_weights_tf_dim_ordering_tf_kernels", top1: 77.2, md5: "6343647c601c52e1368623803854d971"),
        ["resnet152v2"] = Keras("resnet/resnet152v2_weights_tf_dim_ordering_tf_kernels", top1: 78.0, md5: "a49b44d1979771252814e80f8ec446f9"),
        ["xception"] = Keras("xception/xception_weights_tf_dim_ordering_tf_kernels", top1: 79.0, md5: "0a58e3b7378bc2990ea3b43d5981f1f6"),
    };

    /// <summary>Backbones that have published weights.</summary>
    public static IReadOnlyCollection<string> Backbones => All.Keys;

    /// <param name="backbone">As in a job spec.</param>
    public static PublishedWeights? Find(string backbone) => All.GetValueOrDefault(backbone);

    /// <param name="name">Ends with the first digits of the file's digest.</param>
    private static PublishedWeights TorchVision(string name, double top1) => new()
    {
        Url = $"https://download.pytorch.org/models/{name}.pth",
        File = $"{name}.pth",
        Format = PublishedWeights.PyTorch,
        Sha256 = name[(name.LastIndexOf('-') + 1)..],
        Licence = $"BSD-3-Clause; {Data}",
        Source = "torchvision, IMAGENET1K_V1: https://docs.pytorch.org/vision/stable/models.html",
        SourceClasses = 1000,
        Top1Accuracy = top1 / 100,
    };

    private static PublishedWeights Keras(string name, double top1, string? sha256 = null, string? md5 = null) => new()
    {
        Url = $"https://storage.googleapis.com/tensorflow/keras-applications/{name}.h5",
        File = $"{name[(name.LastIndexOf('/') + 1)..]}.h5",
        Format = PublishedWeights.KerasH5,
        Sha256 = sha256,
        Md5 = md5,
        Licence = $"Apache-2.0 (Keras), after MIT (deep-learning-models); {Data}",
        Source = "Keras Applications: https://keras.io/api/applications/",
        SourceClasses = 1000,
        Top1Accuracy = top1 / 100,
    };
}
