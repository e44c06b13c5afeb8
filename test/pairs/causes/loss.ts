import { type Case, data, losses } from './cases';

export const lossCases: readonly Case[] = [
  {
    what: 'softmax before logits in Keras, which undoes it by itself',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
      },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'logits where Keras takes probabilities',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy()' },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: ['softmax-missing'],
  },
  {
    what: 'softmax and logits, each right',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy()',
      },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
    absent: ['softmax-before-loss', 'softmax-missing'],
  },
  {
    what: 'log-softmax twice does nothing',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.LogSoftmax(1)', loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'log-softmax and NLL',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.LogSoftmax(1)', loss: 'nn.NLLLoss()' },
    ),
    causes: [],
    absent: ['log-missing'],
  },
  {
    what: 'one-hot and indices',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'sigmoid twice',
    ...losses(
      { layers: 'layers.Dense(4)', loss: 'keras.losses.BinaryCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.Sigmoid()', loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: ['sigmoid-before-loss'],
  },
  {
    what: 'sum and mean',
    ...losses({}, { loss: 'nn.MSELoss(reduction="sum")' }),
    causes: ['loss-reduction'],
  },
  {
    what: 'mean and sum',
    ...losses(
      { loss: 'keras.losses.MeanSquaredError(reduction="sum")' },
      { loss: 'nn.MSELoss(reduction="sum")' },
    ),
    causes: ['loss-reduction'],
  },
  {
    what: 'label smoothing',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.CrossEntropyLoss(label_smoothing=0.1)' },
    ),
    causes: ['label-smoothing'],
  },
  {
    what: 'label smoothing alike',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)' },
      { loss: 'nn.CrossEntropyLoss(label_smoothing=0.1)' },
    ),
    causes: [],
    absent: ['label-smoothing'],
  },
  {
    what: 'squares and absolutes',
    ...losses({}, { loss: 'nn.L1Loss()' }),
    causes: ['loss-function'],
  },
  {
    what: 'Huber',
    ...losses({ loss: 'keras.losses.Huber(delta=0.5)' }, { loss: 'nn.HuberLoss()' }),
    causes: ['huber-delta'],
  },

  {
    what: 'softmax twice',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy()',
      },
      { layers: 'nn.Linear(6, 4), nn.Softmax(1)', loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: ['softmax-before-loss'],
  },
  {
    what: 'sigmoid twice, in a binary classifier',
    ...losses(
      {
        layers: 'layers.Dense(1, activation="sigmoid")',
        loss: 'keras.losses.BinaryCrossentropy()',
      },
      { layers: 'nn.Linear(6, 1), nn.Sigmoid()', loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: ['sigmoid-before-loss'],
  },
  {
    what: 'sigmoid, each right',
    ...losses(
      {
        layers: 'layers.Dense(1, activation="sigmoid")',
        loss: 'keras.losses.BinaryCrossentropy()',
      },
      { layers: 'nn.Linear(6, 1)', loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: [],
    absent: ['sigmoid-before-loss', 'sigmoid-missing'],
  },
  {
    what: 'no sigmoid where Keras takes probabilities',
    ...losses(
      { layers: 'layers.Dense(1)', loss: 'keras.losses.BinaryCrossentropy()' },
      { layers: 'nn.Linear(6, 1)', loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: ['sigmoid-missing'],
  },
  {
    what: 'logits where NLL takes logarithms',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.NLLLoss()' },
    ),
    causes: ['softmax-missing'],
  },
  {
    what: 'probabilities where NLL takes logarithms',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy()',
      },
      { layers: 'nn.Linear(6, 4), nn.Softmax(1)', loss: 'nn.NLLLoss()' },
    ),
    causes: ['log-missing'],
  },
  {
    what: 'targets that broadcast',
    ...losses(
      { layers: 'layers.Dense(1)', after: data('(12,)') },
      { layers: 'nn.Linear(6, 1)', after: data('(12,)') },
    ),
    causes: ['target-broadcast'],
  },
  {
    what: 'targets with an axis of their own',
    ...losses(
      { layers: 'layers.Dense(1)', after: data('(12, 1)') },
      { layers: 'nn.Linear(6, 1)', after: data('(12, 1)') },
    ),
    causes: [],
    absent: ['target-broadcast'],
  },
  {
    what: 'absolutes in Keras',
    ...losses({ loss: 'keras.losses.MeanAbsoluteError()' }, {}),
    causes: ['loss-function'],
  },
  {
    what: 'absolutes in both',
    ...losses({ loss: 'keras.losses.MeanAbsoluteError()' }, { loss: 'nn.L1Loss()' }),
    causes: [],
    absent: ['loss-function', 'loss-reduction'],
  },
  {
    what: 'Huber alike',
    ...losses({ loss: 'keras.losses.Huber(delta=0.5)' }, { loss: 'nn.HuberLoss(delta=0.5)' }),
    causes: [],
    absent: ['huber-delta'],
  },
  {
    what: 'label smoothing in Keras',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)' },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: ['label-smoothing'],
  },
  {
    what: 'binary label smoothing in Keras',
    ...losses(
      { loss: 'keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)' },
      { loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: ['label-smoothing'],
  },
  {
    what: 'label smoothing and the mean for the sum',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)' },
      { loss: 'nn.CrossEntropyLoss(reduction="sum")' },
    ),
    causes: ['label-smoothing', 'loss-reduction'],
  },
  {
    what: 'classes weighted by the loss',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))' },
    ),
    causes: ['class-weights'],
  },
  {
    what: 'classes weighted by fit',
    ...losses(
      {
        loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
        after: 'class_weight = {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}',
      },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: ['class-weights'],
  },
  {
    what: 'classes weighted by both: over the number, and over the weights',
    ...losses(
      {
        loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
        after: 'class_weight = {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}',
      },
      { loss: 'nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))' },
    ),
    causes: ['class-weights-mean'],
  },
  {
    what: 'classes weighted by both, over the number',
    ...losses(
      {
        loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
        after: 'class_weight = {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}',
      },
      {
        before: 'weight = torch.tensor([1.0, 2.0, 3.0, 4.0])',
        loss: 'lambda output, target: F.cross_entropy(output, target, weight=weight, reduction="sum") / len(target)',
      },
    ),
    causes: [],
    absent: ['class-weights', 'class-weights-mean'],
  },
  {
    what: 'samples weighted in Keras only',
    ...losses(
      { after: `${data('(12, 4)')}sample_weight = np.linspace(0, 2, 12)` },
      { after: data('(12, 4)') },
    ),
    causes: ['sample-weights'],
  },
  {
    what: 'samples weighted in both',
    ...losses(
      { after: `${data('(12, 4)')}sample_weight = np.linspace(0, 2, 12)` },
      {
        before: 'weight = torch.linspace(0, 2, 12, dtype=torch.float64)',
        loss: 'lambda output, target: (weight * (output - target).square().mean(1)).mean()',
        after: data('(12, 4)'),
      },
    ),
    causes: [],
    absent: ['sample-weights'],
  },
  {
    what: 'positives weighted',
    ...losses(
      { loss: 'keras.losses.BinaryCrossentropy(from_logits=True)' },
      { loss: 'nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0]))' },
    ),
    causes: ['positive-weight'],
  },

  {
    what: 'positives weighted by one',
    ...losses(
      { loss: 'keras.losses.BinaryCrossentropy(from_logits=True)' },
      { loss: 'nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0]))' },
    ),
    causes: [],
    absent: ['positive-weight'],
  },
];
