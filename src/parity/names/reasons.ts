/** Why public names of PyTorch's are missing here; `*` stands for any letters but dots. The first that fits counts. */
export interface Reason {
  readonly names: readonly string[];
  /** Still to be written, as opposed to left out. */
  readonly toDo?: true;
  readonly why: string;
}

const of = (module: string, names: string) => names.split(' ').map((name) => `${module}.${name}`);

export const reasons: readonly Reason[] = [
  {
    names: of(
      'torch.func',
      'debug_unwrap functionalize linearize rearrange replace_all_batch_norm_modules_',
    ),
    why: 'Tools of the compiler, or of other libraries.',
  },
  {
    names: of(
      'torch.jit',
      'script script_if_tracing ignore unused export export_opnames interface annotate isinstance Attribute CompilationUnit Error Future fork wait',
    ),
    why: "They compile Python's source to TorchScript, or annotate it; `torch.jit.trace` records a model, `torch.jit.load` runs what Python has scripted.",
  },
  {
    names: of(
      'torch.jit',
      'enable_onednn_fusion onednn_fusion_enabled optimize_for_inference set_fusion_strategy strict_fusion trace_module',
    ),
    why: 'PyTorch has deprecated TorchScript; `load`, `save`, `trace` and `freeze` are here, for models that exist.',
  },
  {
    names: ['torch.linalg.LinAlgError', ...of('torch', 'OutOfMemoryError AcceleratorError')],
    why: 'Errors are TorchErrors, with the name of PyTorch’s class in `code`.',
  },
  {
    names: [
      ...of('torch', '*_warn_always*'),
      ...of('torch.autograd', 'set_multithreading_enabled'),
      ...of('torch.Generator', 'graphsafe_*'),
      ...of('torch.autograd.graph', 'allow_mutation_on_saved_tensors'),
      ...of('torch.Tensor', 'module_load dim_order grad_dtype qscheme'),
      'torch.lobpcg',
    ],
    why: 'For PyTorch’s own tools: its compiler, exporter, quantiser and sharding; warnings come once each, as Node’s; `linalg.eigh` is here for `lobpcg`.',
  },
  {
    names: [
      ...of('torch.cuda', '*Storage *Tensor has_half has_magma'),
      ...of('torch.accelerator', 'current_device_idx set_device_idx'),
    ],
    why: "PyTorch has deprecated these types and constants: a tensor's `device` and `dtype` say the same.",
  },
  {
    names: [
      ...of(
        'torch.cuda',
        'CUDAGraph graph graphs graph_pool_handle make_graphed_callables is_current_stream_capturing MemPool use_mem_pool CUDAPluggableAllocator change_current_allocator caching_allocator_* get_allocator_backend memory_snapshot *_memory_fraction *host_memory* GreenContext ExternalStream get_stream_from_external current_*_handle *_sync_debug_mode',
      ),
      ...of('torch.accelerator', 'Graph empty_host_cache get_device_capability'),
    ],
    why: "CUDA's graphs, its handles and own allocators, for which libtorch has no interface without CUDA's headers.",
  },
  {
    names: of(
      'torch.cuda',
      'temperature utilization power_draw clock_rate memory_usage device_memory_used list_gpu_processes',
    ),
    why: "A package of NVIDIA's for Python answers these; `nvidia-smi` does so everywhere.",
  },
  {
    names: [
      ...of(
        'torch.cuda',
        'cudart check_error cudaStatus CudaError DeferredCudaCallError StreamContext ipc_collect jiterator nccl nvtx profiler sparse tunable',
      ),
      ...of('torch', 'AcceleratorError get_device_module'),
      ...of('torch.Generator', 'graphsafe_*'),
    ],
    why: "CUDA's functions and tools as Python sees them; errors have their class's name in `code`.",
  },
  {
    names: of('torch', 'dtype layout memory_format qscheme'),
    why: 'Types of Python: here these are strings, with the types `DType`, `Layout` and `MemoryFormat`.',
  },
  {
    names: [
      ...of('torch', '*Storage is_storage'),
      ...of('torch.Tensor', 'storage storage_type untyped_storage'),
    ],
    why: "PyTorch has deprecated typed storages, and the bytes of a tensor are `x.numpy()`'s.",
  },
  {
    names: of(
      'torch',
      '*Type *TypeBuilder AliasDb AggregationType Argument* Benchmark* Block BufferDict CallStack Capsule Code CompilationUnit CompleteArgumentSpec DeepCopyMemoTable *StorageContext Disable* DispatchKey* ErrorReport ExcludeDispatchKeyGuard ExecutionPlan FileCheck FunctionSchema Future Gradient Graph GraphExecutorState IODescriptor JITException Lite* LockingLogger ModuleDict Node NoopLogger OperatorInfo ParameterDict PyTorchFile* Script* StaticModule Tag ThroughputBenchmark TracingState Type Use Value cpp import_ir_module* init_num_threads merge_type_from_type_comment parse_* unify_type_list has_* AVG SUM FatalError StreamObjType thread_safe_generator bit fork wait autocast_*crement_nesting',
    ),
    why: "Parts of PyTorch's implementation, which lie in the module beside its public functions.",
  },
  {
    names: [
      ...of('torch', 'Sym* sym_* export cond compile'),
      ...of('torch.nn.Module', 'compile call_super_init T_destination forward'),
    ],
    why: "They read Python's code, or are its types. A model that Python exports runs here.",
  },
  {
    names: of('torch', 'bits* int* uint* quint* float4_*'),
    why: 'dtypes of less than a byte, which have no operators on the CPU.',
  },
  {
    names: [
      ...of('torch', '*ipu* *xla*'),
      ...of('torch.Tensor', 'ipu xpu mtia is_*'),
      ...of('torch.nn.Module', 'ipu xpu mtia'),
    ],
    why: 'For processors that the pinned build of PyTorch does not know.',
  },
  {
    names: [
      ...of('torch', 'spmm dsmm hsmm saddmm set_default_tensor_type *autocast_cpu* *autocast_gpu*'),
      ...of(
        'torch.Tensor',
        'eig lstsq symeig solve name new reinforce resize resize_as volatile as_subclass const_data_ptr',
      ),
      ...of('torch.nn', 'NLLLoss2d Container CrossMapLRN2d'),
      ...of('torch.nn.Module', 'register_backward_hook dump_patches'),
      ...of('torch.nn.init', '*'),
      ...of('torch.nn.utils', 'clip_grad_norm stateless'),
      'torch.nn.utils.stateless.functional_call',
      'torch.testing.assert_allclose',
      'torch.autograd.variable',
      'torch.autograd.NestedIOFunction',
      'torch.sparse.solve',
    ],
    why: 'Deprecated or removed in PyTorch; what replaces it there is here, too.',
  },
  {
    names: [
      ...of('torch.nn.attention', 'WARN_FOR_UNFUSED_KERNELS *_flash_attention_impl*'),
      ...of('torch.profiler', '*'),
      'torch.random.thread_safe_generator',
      ...of('torch.autograd.graph', 'region_activation_memory_budget set_*'),
      ...of('torch.nn', 'factory_kwargs LinearCrossEntropyOptions'),
      'torch.nn.parameter.UninitializedTensorMixin',
      ...of(
        'torch.nn.functional',
        'TYPE_CHECKING Tensor assert_int_or_pair boolean_dispatch *torch_function*',
      ),
      ...of('torch.nn.utils.parametrize', '*'),
      ...of('torch.utils.checkpoint', '*'),
      ...of('torch.serialization', '*'),
      ...of('torch.autograd', 'enforce_grad_layout_policy grad_mode'),
      ...of('torch.autograd.profiler', '*'),
      ...of('torch.optim', 'swap_in_optimizer_params_and_state'),
      ...of('torch.optim.Optimizer', 'Optimizer*Hook profile_hook_step'),
      ...of('torch.utils', '*'),
      ...of('torch.testing', 'FileCheck'),
      'torch.fft.Tensor',
    ],
    why: 'Tools of PyTorch’s own Python code, and names that it imports from elsewhere.',
  },
  {
    names: [
      ...of('torch.nn.functional', 'ScalingType SwizzleType scaled_mm scaled_grouped_mm'),
      ...of('torch.nn.utils', 'convert_conv*'),
      ...of('torch.sparse', 'SparseSemiStructured* to_sparse_semi_structured'),
    ],
    why: 'For GPUs of certain kinds alone.',
  },
  {
    names: of('torch.sparse', 'as_sparse_gradcheck check_sparse_tensor_invariants'),
    why: 'Checks of sparse tensors that PyTorch’s own tests use.',
  },
  {
    names: of(
      'torch.utils.data',
      '*DataPipe DataChunk argument_validation functional_datapipe guaranteed_datapipes_determinism non_deterministic runtime_validation* get_worker_info',
    ),
    why: 'PyTorch has deprecated data pipes; there are no worker processes, since JavaScript has no global lock.',
  },
  {
    names: ['torch.autograd.forward_ad.UnpackedDualTensor', 'torch.autograd.graph.GradientEdge'],
    why: 'Types of results, here records.',
  },
  {
    names: of('torch.distributed', 'send_object_list recv_object_list'),
    why: 'Objects go to one process by `broadcast_object_list` in a group of two, tensors by `send` and `recv`.',
  },
  {
    names: of('torch.distributed', 'new_subgroups*'),
    why: '`new_group`, called once for each group, makes them.',
  },
  {
    names: of('torch.distributed', 'split_group shrink_group'),
    why: 'For NCCL alone, and experimental there.',
  },
  {
    names: of('torch.distributed', 'rendezvous register_rendezvous_handler'),
    why: '`init_process_group` reads addresses itself; its `store` takes any other.',
  },
  {
    names: of('torch.distributed', '*_coalesced *_single'),
    why: 'Deprecated, or new names of `all_gather_into_tensor` and `reduce_scatter_tensor`, which are here.',
  },
  {
    names: of('torch.distributed', 'DeviceMesh init_device_mesh'),
    why: 'Meshes are for models that are divided among GPUs.',
  },
  {
    names: of(
      'torch.distributed',
      '*Options *Type Backend BackendConfig DebugLevel Dist*Error QueueEmptyError GradBucket GroupName Logger ProcessGroupGloo Reducer breakpoint *_debug_level* get_backend_config get_default_backend_for_device log record_comm reduce_op supports_complex',
    ),
    why: 'Types and tools of PyTorch’s own Python code; errors have their class’s name in `code`.',
  },
  {
    names: of('torch.nn.parallel', '*'),
    why: 'Several GPUs in one process: PyTorch advises against it.',
  },
  {
    names: ['torch.nn.DataParallel'],
    why: 'PyTorch advises against it: use DistributedDataParallel.',
  },
];

const fits = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]*')}$`).test(name);

/** The reason for a name with its module, such as `torch.nn.Lazy*`; undefined if there is none. */
export const reasonOf = (name: string): Reason | undefined =>
  reasons.find(({ names }) => names.some((pattern) => fits(pattern, name)));

/** The reasons as a Markdown table, as docs/torch-names.md has it. */
export const reasonTable = (): string =>
  [
    '| names | why |',
    '|---|---|',
    ...reasons.map(
      ({ names, toDo, why }) =>
        `| ${names.map((name) => `\`${name}\``).join(', ')} | ${toDo ? '**To do.** ' : ''}${why} |`,
    ),
  ].join('\n');
