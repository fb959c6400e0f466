// Fields of a spec that people change, with what the service takes where a field is absent. `section` null: of the spec itself.

const training = (field, label, unit, more) => ({ section: 'training', field, label, unit, ...more });

const selection = (field, label, unit, more) => ({ section: 'selection', field, label, unit, ...more });

const epochsOf = spec => spec.training?.epochs ?? 50;

const observed = spec => spec.selection?.mode === 'race' ? 2 : Math.min(5, Math.max(2, epochsOf(spec) - (Number.isInteger(spec.selection?.start) ? spec.selection.start : 0)));

export const settingGroups = [
  {
    name: 'Training',
    settings: [
      training('epochs', 'Epochs', 'of a whole training', { min: 2, standard: () => 50 }),
      training('trainLimit', 'Training images', 'at most; empty: all', { min: 2 }),
      training('imageSize', 'Image size', 'pixels a side', { min: 8, standard: () => 32 }),
      training('batchSize', 'Batch size', 'images a step', { min: 2, standard: () => 64 }),
    ],
  },
  {
    name: 'Selection',
    settings: [
      selection('mode', 'Mode', 'early: as far as observed; race: drops the hopeless; full: all epochs', {
        words: { early: 'early', race: 'race', full: 'full' }, standard: () => 'early',
      }),
      selection('observe', 'Observe', 'epochs before predicting', { min: 2, standard: observed }),
      training('repeats', 'Repeats', 'trials of each candidate', { min: 1, standard: () => 1 }),
    ],
  },
  {
    name: 'Job',
    settings: [
      { section: null, field: 'name', label: 'Name', unit: 'of your own', isText: true },
      { section: null, field: 'priority', label: 'Priority', unit: '−100 … 100, higher is sooner', min: -100, standard: () => 0 },
    ],
  },
  {
    name: 'More settings',
    isAdvanced: true,
    settings: [
      training('optimizer', 'Optimizer', '', { words: { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD' }, standard: () => 'adam' }),
      training('learningRate', 'Learning rate', 'a step', { step: 'any', standard: () => 0.001 }),
      training('weightDecay', 'Weight decay', '0 … 1', { step: 'any', standard: spec => spec.training?.optimizer === 'adamw' ? 0.01 : 0 }),
      training('validation', 'Validation images', 'a count, or a share below 1', { step: 'any' }),
      training('seed', 'Seed', 'of the first repeat', { standard: () => 1 }),
      training('saveWeights', 'Keep the networks', 'for later jobs to start from', { isFlag: true }),
    ],
  },
];
