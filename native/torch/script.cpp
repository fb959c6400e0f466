// TorchScript modules: load, run, look at the parameters.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <unordered_set>
#include "handles.h"

struct nc_script {
  torch::jit::Module module;
};

namespace {

// A tensor that several modules share has one name, the first, as in Python: trained under two it would be stepped twice.
template <class Named>
void visit_once(const Named& tensors, nc_named_tensor visit, void* context) {
  std::unordered_set<const c10::TensorImpl*> seen;
  for (const auto& tensor : tensors) {
    if (seen.insert(tensor.value.unsafeGetTensorImpl()).second) visit(context, tensor.name.c_str(), nc::own(tensor.value));
  }
}

}  // namespace

NC_API nc_script* nc_script_load(const char* path, int32_t device_type, int32_t device_index) {
  return nc::guarded(static_cast<nc_script*>(nullptr),
                     [&] { return new nc_script{torch::jit::load(path, nc::device(device_type, device_index))}; });
}

NC_API void nc_script_free(nc_script* module) { delete module; }

NC_API nc_tensor nc_script_forward(nc_script* module, const nc_tensor* inputs, int32_t count) {
  return nc::guarded(nc_tensor{nullptr}, [&] {
    std::vector<c10::IValue> arguments;
    for (int32_t k = 0; k < count; ++k) arguments.emplace_back(nc::borrow(inputs[k]));
    auto output = module->module.forward(std::move(arguments));
    TORCH_CHECK(output.isTensor(), "the script module returned a ", output.tagKind(), ", not a tensor");
    return nc::own(output.toTensor());
  });
}

NC_API int32_t nc_script_parameters(nc_script* module, nc_named_tensor visit, void* context) {
  return nc::guarded([&] { visit_once(module->module.named_parameters(), visit, context); });
}

NC_API int32_t nc_script_buffers(nc_script* module, nc_named_tensor visit, void* context) {
  return nc::guarded([&] { visit_once(module->module.named_buffers(), visit, context); });
}

NC_API int32_t nc_script_modules(nc_script* module, nc_named_script visit, void* context) {
  return nc::guarded([&] {
    for (const auto& descendant : module->module.named_modules()) {
      if (!descendant.name.empty()) visit(context, descendant.name.c_str(), new nc_script{descendant.value});
    }
  });
}

NC_API int32_t nc_script_train(nc_script* module, int32_t training) {
  return nc::guarded([&] { module->module.train(training != 0); });
}
