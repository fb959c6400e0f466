using NeuralCapacitance.Domain.Backbones;

namespace NeuralCapacitance.Infrastructure.Weights;

/// <summary>
/// The weights behind <c>imagenet</c>: those of torchvision (IMAGENET1K_V1, so that a backbone's are of one training recipe and as old as its
/// paper's experiments) and, for the architectures that it lacks, of Keras Applications. torchvision publishes the first 8 digits of SHA-256 in the
/// names; Keras an MD5 or SHA-256 in its sources (keras/src/applications).
/// </summary>
public static class ImageNetManifest
{
    private const string Data = "trained on ImageNet (ILSVRC 2012), whose images are given for non-commercial research and education";

    private static readonly Dictionary<string, PublishedWeights> All = new(StringComparer.Ordinal)
    {
        ["alexnet"] = TorchVision("alexnet-owt-7be5be79"),
        ["densenet121"] = TorchVision("densenet121-a639ec97"),
        ["densenet169"] = TorchVision("densenet169-b2777c0a"),
        ["densenet201"] = TorchVision("densenet201-c1103571"),
        ["inceptionv3"] = TorchVision("inception_v3_google-0cc3c7bd"),
        ["mobilenetv2"] = TorchVision("mobilenet_v2-b0353104"),
        ["resnet18"] = TorchVision("resnet18-f37072fd"),
        ["resnet50"] = TorchVision("resnet50-0676ba61"),
        ["resnet101"] = TorchVision("resnet101-63fe2227"),
        ["resnet152"] = TorchVision("resnet152-394f9c45"),
        ["vgg16"] = TorchVision("vgg16-397923af"),
        ["vgg19"] = TorchVision("vgg19-dcbb9e9d"),
        ["inceptionresnetv2"] = Keras("inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels", md5: "e693bd0210a403b3192acc6073ad2e96"),
        ["mobilenet"] = Keras("mobilenet/mobilenet_1_0_224_tf", sha256: "006a2d9484fbea625dd4e6518652c101a3eca052671671c56265fc84f2e1181f"),
        ["resnet50v2"] = Keras("resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels", md5: "3ef43a0b657b3be2300d5770ece849e0"),
        ["resnet101v2"] = Keras("resnet/resnet101v2_weights_tf_dim_ordering_tf_kernels", md5: "6343647c601c52e1368623803854d971"),
        ["resnet152v2"] = Keras("resnet/resnet152v2_weights_tf_dim_ordering_tf_kernels", md5: "a49b44d1979771252814e80f8ec446f9"),
        ["xception"] = Keras("xception/xception_weights_tf_dim_ordering_tf_kernels", md5: "0a58e3b7378bc2990ea3b43d5981f1f6"),
    };

    /// <summary>Backbones that have published weights.</summary>
    public static IReadOnlyCollection<string> Backbones => All.Keys;

    /// <param name="backbone">As in a job spec.</param>
    public static PublishedWeights? Find(string backbone) => All.GetValueOrDefault(backbone);

    /// <param name="name">Ends with the first digits of the file's digest.</param>
    private static PublishedWeights TorchVision(string name) => new()
    {
        Url = $"https://download.pytorch.org/models/{name}.pth",
        File = $"{name}.pth",
        Format = PublishedWeights.PyTorch,
        Sha256 = name[(name.LastIndexOf('-') + 1)..],
        Licence = $"BSD-3-Clause; {Data}",
        Source = "torchvision, IMAGENET1K_V1: https://docs.pytorch.org/vision/stable/models.html",
        SourceClasses = 1000,
    };

    private static PublishedWeights Keras(string name, string? sha256 = null, string? md5 = null) => new()
    {
        Url = $"https://storage.googleapis.com/tensorflow/keras-applications/{name}.h5",
        File = $"{name[(name.LastIndexOf('/') + 1)..]}.h5",
        Format = PublishedWeights.KerasH5,
        Sha256 = sha256,
        Md5 = md5,
        Licence = $"Apache-2.0 (Keras), after MIT (deep-learning-models); {Data}",
        Source = "Keras Applications: https://keras.io/api/applications/",
        SourceClasses = 1000,
    };
}
