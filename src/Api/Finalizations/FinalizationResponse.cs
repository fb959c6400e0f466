using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Models;

namespace NeuralCapacitance.Api.Finalizations;

/// <summary>The winner of a job, or another candidate of it, trained to the end. It is a job of its own: cancel it, follow it, delete it as one.</summary>
public sealed record FinalizationResponse
{
    public required Guid Id { get; init; }

    /// <example>resnet8</example>
    public required string Candidate { get; init; }

    public required ModelHead Head { get; init; }

    public required JobState State { get; init; }

    /// <summary>The job that trains it.</summary>
    public required string Href { get; init; }

    /// <summary>Why it failed.</summary>
    public required Failure? Failure { get; init; }

    /// <summary>Null until it has succeeded.</summary>
    public required ModelResponse? Model { get; init; }

    public static FinalizationResponse Of(Finalization finalization, BackboneCatalogue backbones, PathString pathBase)
    {
        var job = finalization.Job;
        return new()
        {
            Id = job.Id,
            Candidate = job.Spec.Candidates[0].Name,
            Head = job.Spec.Head ?? ModelHead.Probe,
            State = job.State,
            Href = $"{pathBase}{ApiRoutes.Prefix}/jobs/{job.Id}",
            Failure = job.Failure ?? finalization.Trial.Failure,
            Model = ModelResponse.Of(finalization, backbones, pathBase),
        };
    }
}

/// <summary>A model that can be had: backbone and head in one safetensors file.</summary>
public sealed record ModelResponse
{
    /// <summary>Where the file is.</summary>
    public required string Href { get; init; }

    /// <example>resnet8-linear-3d4c5b6a.safetensors</example>
    public required string FileName { get; init; }

    /// <summary>Of the file, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Length of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Where the snippet is, as a file.</summary>
    public required string SnippetHref { get; init; }

    /// <summary>Python that loads the file with PyTorch.</summary>
    public required string Snippet { get; init; }

    /// <summary>Null: there is none yet.</summary>
    public static ModelResponse? Of(Finalization finalization, BackboneCatalogue backbones, PathString pathBase)
    {
        if (!finalization.HasModel) return null;
        var href = $"{pathBase}{ApiRoutes.Prefix}/jobs/{finalization.Job.Id}/model";
        return new()
        {
            Href = href,
            FileName = FileNameOf(finalization.Job),
            Sha256 = finalization.Trial.WeightsDigest!.Sha256,
            Bytes = finalization.Trial.WeightsDigest.Bytes,
            SnippetHref = $"{href}/snippet",
            Snippet = SnippetOf(finalization.Job, backbones),
        };
    }

    /// <summary>A candidate's name may hold anything; the end of the id tells models of one candidate apart.</summary>
    internal static string FileNameOf(Job job)
    {
        var name = string.Concat(job.Spec.Candidates[0].Name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return $"{name}-{ModelHeads.NameOf(job.Spec.Head ?? ModelHead.Probe)}-{job.Id.ToString()[^8..]}.safetensors";
    }

    internal static string SnippetOf(Job job, BackboneCatalogue backbones)
        => PyTorchSnippet.For(backbones, job.Spec.Candidates[0], job.Spec.Head ?? ModelHead.Probe, FileNameOf(job));
}
