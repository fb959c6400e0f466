// Optimizer steps in one pass over memory: each element is read and written once instead of once per operator.
// Only for float32 on the CPU with every tensor of a parameter laid out alike; the caller has a path for the rest.
#include <ATen/Parallel.h>
#include <cmath>
#include "handles.h"

namespace {

/// One parameter's tensors: itself, its gradient and up to three of state (null where there is none).
constexpr int kStates = 3;
struct Span {
  float* parameter;
  const float* gradient;
  float* state[kStates];
  int64_t length;
};

/// A few pages of each tensor: enough to be worth a thread, little enough to share the work of one large tensor.
constexpr int64_t kChunk = 32768;

bool plain(const at::TensorImpl* tensor) {
  return tensor->is_cpu() && tensor->layout() == at::kStrided && c10::typeMetaToScalarType(tensor->dtype()) == at::kFloat &&
         tensor->is_non_overlapping_and_dense();
}

/// Whether the elements lie in the same order. The stride of a dimension of size 1 says nothing: a 1x1 convolution of
/// channels-last images has gradients of strides [I, 1, I, I] for weights of [I, 1, 1, 1].
bool alike(const at::TensorImpl* one, const at::TensorImpl* other) {
  if (!plain(other) || one->sizes() != other->sizes()) return false;
  for (int64_t d = 0; d < one->dim(); ++d)
    if (one->size(d) != 1 && one->stride(d) != other->stride(d)) return false;
  return true;
}

/// Chunks of all parameters, or none if one of them is not for this path.
std::vector<Span> chunks(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* const (&states)[kStates], int32_t count) {
  std::vector<Span> spans;
  for (int32_t k = 0; k < count; ++k) {
    auto parameter = nc::impl(parameters[k]);
    if (!plain(parameter) || !alike(parameter, nc::impl(gradients[k]))) return {};
    Span whole{static_cast<float*>(nc::borrow(parameters[k]).data_ptr()), static_cast<const float*>(nc::borrow(gradients[k]).data_ptr()), {}, 0};
    for (int s = 0; s < kStates; ++s) {
      if (states[s] == nullptr) continue;
      if (!alike(parameter, nc::impl(states[s][k]))) return {};
      whole.state[s] = static_cast<float*>(nc::borrow(states[s][k]).data_ptr());
    }
    for (int64_t start = 0; start < parameter->numel(); start += kChunk) {
      Span span{whole.parameter + start, whole.gradient + start, {}, std::min(kChunk, parameter->numel() - start)};
      for (int s = 0; s < kStates; ++s) span.state[s] = whole.state[s] ? whole.state[s] + start : nullptr;
      spans.push_back(span);
    }
  }
  return spans;
}

template <class Kernel>
void run(const std::vector<Span>& spans, Kernel&& kernel) {
  auto count = static_cast<int64_t>(spans.size());
#pragma omp parallel for schedule(dynamic) num_threads(at::get_num_threads()) if (count > 1)
  for (int64_t k = 0; k < count; ++k) kernel(spans[static_cast<size_t>(k)]);
}

/// Tells autograd that the tensors have changed.
void changed(const nc_tensor* tensors, int32_t count) {
  for (int32_t k = 0; tensors != nullptr && k < count; ++k) nc::impl(tensors[k])->bump_version();
}

void sgd(const Span& span, const nc_sgd& options) {
  float* __restrict p = span.parameter;
  const float* __restrict g = span.gradient;
  float* __restrict buffer = span.state[0];
  const auto sign = options.maximize ? -1.0f : 1.0f;
  const auto decay = static_cast<float>(options.weight_decay);
  const auto rate = static_cast<float>(options.learning_rate);
  const auto momentum = static_cast<float>(options.momentum);
  const auto fresh = static_cast<float>(1 - options.dampening);
  const auto ahead = options.nesterov ? momentum : 0.0f;
  if (buffer == nullptr) {
    for (int64_t i = 0; i < span.length; ++i) p[i] -= rate * (sign * g[i] + decay * p[i]);
    return;
  }
  for (int64_t i = 0; i < span.length; ++i) {
    const auto direction = sign * g[i] + decay * p[i];
    const auto moved = momentum * buffer[i] + fresh * direction;
    buffer[i] = moved;
    p[i] -= rate * (options.nesterov ? direction + ahead * moved : moved);
  }
}

void adam(const Span& span, const nc_adam& options) {
  float* __restrict p = span.parameter;
  const float* __restrict g = span.gradient;
  float* __restrict mean = span.state[0];
  float* __restrict square = span.state[1];
  float* __restrict largest = span.state[2];
  const auto sign = options.maximize ? -1.0f : 1.0f;
  const auto beta1 = static_cast<float>(options.beta1);
  const auto beta2 = static_cast<float>(options.beta2);
  const auto fresh1 = static_cast<float>(1 - options.beta1);
  const auto fresh2 = static_cast<float>(1 - options.beta2);
  const auto l2 = options.decoupled ? 0.0f : static_cast<float>(options.weight_decay);
  const auto shrink = options.decoupled ? static_cast<float>(1 - options.learning_rate * options.weight_decay) : 1.0f;
  const auto rate = static_cast<float>(options.learning_rate / (1 - std::pow(options.beta1, options.step)));
  const auto spread = static_cast<float>(std::sqrt(1 - std::pow(options.beta2, options.step)));
  const auto epsilon = static_cast<float>(options.epsilon);
  for (int64_t i = 0; i < span.length; ++i) {
    const auto value = p[i] * shrink;
    const auto gradient = sign * g[i] + l2 * value;
    mean[i] = beta1 * mean[i] + fresh1 * gradient;
    square[i] = beta2 * square[i] + fresh2 * gradient * gradient;
    auto second = square[i];
    if (largest != nullptr) second = largest[i] = std::max(largest[i], second);
    p[i] = value - rate * mean[i] / (std::sqrt(second) / spread + epsilon);
  }
}

template <class Options, class Kernel>
int32_t step(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* const (&states)[kStates], int32_t count,
             const Options& options, Kernel&& kernel) {
  return nc::guarded(int32_t{-1}, [&] {
    auto spans = chunks(parameters, gradients, states, count);
    if (spans.empty()) return int32_t{0};
    run(spans, [&](const Span& span) { kernel(span, options); });
    changed(parameters, count);
    for (auto state : states) changed(state, count);
    return int32_t{1};
  });
}

}  // namespace

NC_API int32_t nc_sgd_step(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* buffers, int32_t count, const nc_sgd* options) {
  return step(parameters, gradients, {buffers, nullptr, nullptr}, count, *options, sgd);
}

NC_API int32_t nc_adam_step(const nc_tensor* parameters, const nc_tensor* gradients, const nc_tensor* means, const nc_tensor* squares,
                            const nc_tensor* largest, int32_t count, const nc_adam* options) {
  return step(parameters, gradients, {means, squares, largest}, count, *options, adam);
}
