using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        using static torch;

        /// <summary>Batch normalisation per channel, with running moments for evaluation.</summary>
        public abstract class BatchNorm : nn.Module<Tensor, Tensor>
        {
            private protected BatchNorm(
                string name, long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(name)
            {
                num_features = features;
                this.eps = eps;
                this.momentum = momentum;
                if (affine)
                {
                    weight = new Parameter(ones([features], dtype, device));
                    bias = new Parameter(zeros([features], dtype, device));
                }
                if (track_running_stats)
                {
                    running_mean = zeros([features], dtype, device);
                    running_var = ones([features], dtype, device);
                    num_batches_tracked = zeros([], ScalarType.Int64, device);
                }
                register_parameter(nameof(weight), weight);
                register_parameter(nameof(bias), bias);
                register_buffer(nameof(running_mean), running_mean);
                register_buffer(nameof(running_var), running_var);
                register_buffer(nameof(num_batches_tracked), num_batches_tracked);
            }

            public long num_features { get; }

            public double eps { get; }

            /// <summary>Weight of the newest batch in the running moments; null means an average over all batches.</summary>
            public double? momentum { get; }

            public Parameter? weight { get; }

            public Parameter? bias { get; }

            public Tensor? running_mean { get; }

            public Tensor? running_var { get; }

            public Tensor? num_batches_tracked { get; }

            public override Tensor forward(Tensor input)
            {
                Validate(input);
                if (training)
                {
                    num_batches_tracked?.add_(1);
                }
                var share = momentum ?? (training && num_batches_tracked is not null ? 1 / num_batches_tracked.ToDouble() : 0);
                return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, share, eps);
            }

            private protected abstract void Validate(Tensor input);
        }

        /// <summary>Batch normalisation of N × C or N × C × L.</summary>
        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(nameof(BatchNorm1d), features, eps, momentum, affine, track_running_stats, device, dtype)
            {
            }

            private protected override void Validate(Tensor input)
            {
                if (input.Dimensions is not (2 or 3))
                {
                    throw new ArgumentException($"BatchNorm1d takes N × C or N × C × L, not {input}", nameof(input));
                }
            }
        }

        /// <summary>Batch normalisation of N × C × H × W.</summary>
        public sealed class BatchNorm2d : BatchNorm
        {
            internal BatchNorm2d(long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(nameof(BatchNorm2d), features, eps, momentum, affine, track_running_stats, device, dtype)
            {
            }

            private protected override void Validate(Tensor input)
            {
                if (input.Dimensions != 4)
                {
                    throw new ArgumentException($"BatchNorm2d takes N × C × H × W, not {input}", nameof(input));
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(
                long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(
                long features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
