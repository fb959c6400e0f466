// One boxed call for every operator that libtorch knows.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <cstdlib>
#include "handles.h"

using c10::IValue;

struct nc_op {
  c10::OperatorHandle handle;
  std::vector<IValue> defaults;  // one per argument; meaningful where `has_default` says so
  std::vector<bool> has_default;
};

namespace {

IValue default_of(const nc_op& op, size_t position) {
  const auto& schema = op.handle.schema();
  TORCH_CHECK(op.has_default[position], schema, " needs its argument '", schema.arguments()[position].name(), "'");
  return op.defaults[position];
}

IValue tensor_list(const nc_value& value) {
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  auto handles = static_cast<const nc_tensor*>(value.p);
  for (int32_t k = 0; k < value.count; ++k) list.push_back(nc::borrow(handles[k]));
  return list;
}

IValue optional_tensor_list(const nc_value& value) {
  c10::List<IValue> list(c10::OptionalType::ofTensor());
  list.reserve(value.count);
  auto handles = static_cast<const nc_tensor*>(value.p);
  for (int32_t k = 0; k < value.count; ++k) list.push_back(handles[k] ? IValue(nc::borrow(handles[k])) : IValue());
  return list;
}

template <class Element>
IValue number_list(const nc_value& value) {
  return IValue(at::ArrayRef<Element>(static_cast<const Element*>(value.p), static_cast<size_t>(value.count)));
}

IValue boxed(const nc_op& op, const nc_value& value, size_t position) {
  switch (value.kind) {
    case NC_NONE: return {};
    case NC_TENSOR: return value.p ? IValue(nc::borrow(const_cast<nc_tensor>(value.p))) : IValue();
    case NC_TENSOR_LIST: return tensor_list(value);
    case NC_INT: return value.i;
    case NC_DOUBLE: return value.d;
    case NC_BOOL: return value.i != 0;
    case NC_INT_LIST: return number_list<int64_t>(value);
    case NC_DOUBLE_LIST: return number_list<double>(value);
    case NC_STRING: return std::string(static_cast<const char*>(value.p), static_cast<size_t>(value.count));
    case NC_DEVICE: return nc::device(value.count, static_cast<int32_t>(value.i));
    case NC_GENERATOR: return static_cast<const nc_generator*>(value.p)->generator;
    case NC_OPTIONAL_TENSOR_LIST: return optional_tensor_list(value);
    case NC_DEFAULT: return default_of(op, position);
    default: TORCH_CHECK(false, "argument ", position, " has the unknown kind ", value.kind);
  }
}

nc_value result(nc_tensor tensor) {
  nc_value value{NC_TENSOR, 0, {}};
  value.p = tensor;
  return value;
}

nc_value result_list(const std::vector<at::Tensor>& tensors) {
  auto handles = static_cast<nc_tensor*>(std::malloc(sizeof(nc_tensor) * (tensors.size() + 1)));
  TORCH_CHECK(handles != nullptr, "no memory for ", tensors.size(), " handles");
  for (size_t k = 0; k < tensors.size(); ++k) handles[k] = nc::own(tensors[k]);
  nc_value value{NC_TENSOR_LIST, static_cast<int32_t>(tensors.size()), {}};
  value.p = handles;
  return value;
}

nc_value unboxed(IValue&& value) {
  nc_value out{NC_NONE, 0, {}};
  if (value.isTensor()) return result(nc::own(std::move(value).toTensor()));
  if (value.isTensorList()) return result_list(value.toTensorVector());
  if (value.isInt()) {
    out.kind = NC_INT;
    out.i = value.toInt();
  } else if (value.isDouble()) {
    out.kind = NC_DOUBLE;
    out.d = value.toDouble();
  } else if (value.isBool()) {
    out.kind = NC_BOOL;
    out.i = value.toBool();
  } else {
    TORCH_CHECK(value.isNone(), "cannot return a ", value.tagKind(), " across the ABI");
  }
  return out;
}

/// The thread's argument stack: taken for a call and given back with its capacity, so that a call allocates nothing.
class Stack {
 public:
  Stack() : values_(std::move(spare())) { values_.clear(); }
  ~Stack() {
    values_.clear();
    spare() = std::move(values_);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  std::vector<IValue>& values() { return values_; }

 private:
  static std::vector<IValue>& spare() {
    thread_local std::vector<IValue> stack;
    return stack;
  }
  std::vector<IValue> values_;
};

}  // namespace

NC_API nc_op* nc_op_find(const char* name, const char* overload) {
  return nc::guarded(static_cast<nc_op*>(nullptr), [&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto op = new nc_op{handle, {}, {}};
    for (const auto& argument : handle.schema().arguments()) {
      const auto& value = argument.default_value();
      op->has_default.push_back(value.has_value());
      op->defaults.push_back(value.has_value() ? *value : IValue());
    }
    return op;
  });
}

NC_API int32_t nc_op_call(nc_op* op, const nc_value* arguments, int32_t count, nc_value* results, int32_t capacity) {
  return nc::guarded(int32_t{-1}, [&] {
    TORCH_CHECK(static_cast<size_t>(count) <= op->defaults.size(), op->handle.schema(), " takes at most ", op->defaults.size(),
                " arguments, not ", count);
    Stack stack;
    auto& values = stack.values();
    for (int32_t k = 0; k < count; ++k) values.push_back(boxed(*op, arguments[k], static_cast<size_t>(k)));
    for (size_t k = static_cast<size_t>(count); k < op->defaults.size(); ++k) values.push_back(default_of(*op, k));
    op->handle.callBoxed(&values);
    auto written = std::min(capacity, static_cast<int32_t>(values.size()));
    for (int32_t k = 0; k < written; ++k) results[k] = unboxed(std::move(values[static_cast<size_t>(k)]));
    return written;
  });
}

NC_API void nc_free(const void* memory) { std::free(const_cast<void*>(memory)); }
