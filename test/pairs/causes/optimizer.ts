import { type Case, clipped, data, losses, optimizers, type Programs } from './cases';

const halved = 'scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)';

/** Twelve samples in batches of four, whose rate is halved in Keras after some steps. */
const scheduled = (steps: string, torch: string): Programs => {
  const {
    input,
    keras,
    torch: own,
  } = optimizers(
    `SGD(keras.optimizers.schedules.ExponentialDecay(0.1, ${steps.replace(/^\d+/, '$&, 0.5')}))`,
    'SGD(lr=0.1)',
  );
  return {
    input,
    keras: { ...keras, after: `${data('(12, 3)')}batch_size = 4` },
    torch: { ...own, after: `${data('(12, 3)')}${torch}` },
  };
};

export const optimizerCases: readonly Case[] = [
  // Optimizers.
  {
    what: 'Adam’s epsilon',
    ...optimizers('Adam(0.01)', 'Adam(lr=0.01)'),
    causes: ['adam-epsilon'],
  },
  {
    what: 'Adam’s epsilon the other way',
    ...optimizers('Adam(0.01, epsilon=1e-8)', 'Adam(lr=0.01, eps=1e-7)'),
    causes: ['adam-epsilon'],
  },
  {
    what: 'Adam alike',
    ...optimizers('Adam(0.01)', 'Adam(lr=0.01, eps=1e-7)'),
    causes: [],
    absent: ['adam-epsilon', 'adam-betas'],
  },
  {
    what: 'Adam’s betas',
    ...optimizers('Adam(0.01, beta_2=0.99)', 'Adam(lr=0.01, eps=1e-7)'),
    causes: ['adam-betas'],
  },
  { what: 'learning rate', ...optimizers('SGD(0.01)', 'SGD(lr=0.1)'), causes: ['learning-rate'] },
  {
    what: 'momentum',
    ...optimizers('SGD(0.01, momentum=0.9)', 'SGD(lr=0.01)'),
    causes: ['sgd-momentum'],
  },
  {
    what: 'Nesterov',
    ...optimizers('SGD(0.01, momentum=0.9, nesterov=True)', 'SGD(lr=0.01, momentum=0.9)'),
    causes: ['nesterov'],
  },
  {
    what: 'Nesterov alike',
    ...optimizers(
      'SGD(0.01, momentum=0.9, nesterov=True)',
      'SGD(lr=0.01, momentum=0.9, nesterov=True)',
    ),
    causes: [],
    absent: ['nesterov', 'sgd-momentum', 'learning-rate'],
  },
  { what: 'another optimizer', ...optimizers('Adam(0.01)', 'SGD(lr=0.01)'), causes: ['optimizer'] },
  {
    what: 'Adagrad',
    ...optimizers('Adagrad(0.01)', 'Adagrad(lr=0.01)'),
    causes: ['adagrad-initial-accumulator'],
  },
  {
    what: 'Adadelta',
    ...optimizers('Adadelta(0.5)', 'Adadelta(lr=0.5)'),
    causes: ['adadelta-decay', 'adadelta-epsilon'],
  },
  {
    what: 'RMSprop centred',
    ...optimizers('RMSprop(0.01, centered=True)', 'RMSprop(lr=0.01, alpha=0.9)'),
    causes: ['rmsprop-centered', 'rmsprop-epsilon'],
  },
  {
    what: 'clipping',
    ...optimizers('SGD(0.01, global_clipnorm=0.1)', 'SGD(lr=0.01)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'a schedule',
    ...optimizers('SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))', 'SGD(lr=0.1)'),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'weight decay coupled and not',
    ...optimizers('AdamW(0.01, weight_decay=0.1, epsilon=1e-8)', 'Adam(lr=0.01, weight_decay=0.1)'),
    causes: ['weight-decay'],
  },
  {
    what: 'AdamW alike',
    ...optimizers(
      'AdamW(0.01, weight_decay=0.1, epsilon=1e-8)',
      'AdamW(lr=0.01, weight_decay=0.1)',
    ),
    causes: [],
    absent: ['weight-decay', 'optimizer'],
  },
  {
    what: 'decay that PyTorch lacks',
    ...losses({ layers: 'layers.Dense(4, kernel_regularizer="l2")' }, {}),
    causes: ['l2-and-weight-decay'],
  },
  {
    what: 'decay that Keras lacks',
    ...losses({}, { optimizer: 'torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=0.1)' }),
    causes: ['weight-decay'],
  },
  // What is trained.
  {
    what: 'frozen in Keras',
    ...losses(
      { layers: 'layers.Dense(5, trainable=False), layers.Dense(4)' },
      { layers: 'nn.Linear(6, 5), nn.Linear(5, 4)' },
    ),
    causes: ['frozen'],
  },
  {
    what: 'frozen in PyTorch',
    ...losses(
      { layers: 'layers.Dense(5), layers.Dense(4)' },
      {
        before: 'first = nn.Linear(6, 5)\nfirst.requires_grad_(False)',
        layers: 'first, nn.Linear(5, 4)',
      },
    ),
    causes: ['frozen'],
  },
  {
    what: 'a bias that PyTorch lacks',
    ...losses({}, { layers: 'nn.Linear(6, 4, bias=False)' }),
    causes: ['bias-missing'],
  },
  {
    what: 'a bias that Keras lacks',
    ...losses({ layers: 'layers.Dense(4, use_bias=False)' }, {}),
    causes: ['bias-missing'],
  },

  {
    what: 'momentum in PyTorch',
    ...optimizers('SGD(0.01)', 'SGD(lr=0.01, momentum=0.9)'),
    causes: ['sgd-momentum'],
  },
  {
    what: 'AMSGrad',
    ...optimizers(
      'Adam(0.1, beta_2=0.1, amsgrad=True, epsilon=1e-8)',
      'Adam(lr=0.1, betas=(0.9, 0.1))',
    ),
    causes: ['amsgrad'],
  },
  {
    what: 'AMSGrad in both',
    ...optimizers('Adam(0.01, amsgrad=True, epsilon=1e-8)', 'Adam(lr=0.01, amsgrad=True)'),
    causes: [],
    absent: ['amsgrad'],
  },
  {
    what: 'RMSprop’s decay',
    ...optimizers('RMSprop(0.01)', 'RMSprop(lr=0.01)'),
    causes: ['rmsprop-decay', 'rmsprop-epsilon'],
  },
  {
    what: 'RMSprop’s epsilon',
    ...optimizers('RMSprop(0.01)', 'RMSprop(lr=0.01, alpha=0.9, eps=1e-7)'),
    causes: ['rmsprop-epsilon'],
  },
  {
    what: 'RMSprop with momentum',
    ...optimizers('RMSprop(0.01, momentum=0.5)', 'RMSprop(lr=0.01, alpha=0.9, eps=1e-7)'),
    causes: ['rmsprop-epsilon', 'rmsprop-momentum'],
  },
  {
    what: 'Adagrad’s epsilon',
    ...optimizers('Adagrad(0.01, epsilon=1e-3)', 'Adagrad(lr=0.01, initial_accumulator_value=0.1)'),
    causes: ['adagrad-epsilon'],
  },
  {
    what: 'Adagrad alike',
    ...optimizers(
      'Adagrad(0.01, epsilon=1e-12)',
      'Adagrad(lr=0.01, initial_accumulator_value=0.1, eps=1e-12)',
    ),
    causes: [],
    absent: ['adagrad-initial-accumulator', 'adagrad-epsilon'],
  },
  {
    what: 'Adagrad’s rate, which falls',
    ...optimizers(
      'Adagrad(0.01, epsilon=1e-12)',
      'Adagrad(lr=0.01, initial_accumulator_value=0.1, eps=1e-12, lr_decay=0.1)',
    ),
    causes: ['adagrad-learning-rate-decay'],
  },
  {
    what: 'Adadelta’s decay',
    ...optimizers('Adadelta(0.5, epsilon=1e-6)', 'Adadelta(lr=0.5)'),
    causes: ['adadelta-decay'],
  },
  {
    what: 'Adadelta’s epsilon',
    ...optimizers('Adadelta(0.5)', 'Adadelta(lr=0.5, rho=0.95)'),
    causes: ['adadelta-epsilon'],
  },
  {
    what: 'Adadelta alike',
    ...optimizers('Adadelta(0.5, epsilon=1e-6)', 'Adadelta(lr=0.5, rho=0.95)'),
    causes: [],
    absent: ['adadelta-decay', 'adadelta-epsilon'],
  },
  {
    what: 'Adamax',
    ...optimizers('Adamax(0.01, epsilon=1e-8)', 'Adamax(lr=0.01)'),
    causes: [],
  },
  {
    what: 'NAdam’s momentum, which PyTorch lets grow more slowly',
    ...optimizers('Nadam(0.01, epsilon=1e-8)', 'NAdam(lr=0.01)'),
    causes: ['nadam-momentum-decay'],
  },
  {
    what: 'clipping by value',
    ...optimizers('SGD(0.01, clipvalue=0.01)', 'SGD(lr=0.01)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'clipping by the norm of each weight',
    ...optimizers('SGD(0.01, clipnorm=0.1)', 'SGD(lr=0.01)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'clipping in PyTorch only',
    ...clipped('SGD(0.01)', 'nn.utils.clip_grad_norm_(model.parameters(), 0.1)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'clipping by the norm of each weight, and of all',
    ...clipped('SGD(0.01, clipnorm=0.1)', 'nn.utils.clip_grad_norm_(model.parameters(), 0.1)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'clipping by the norm of all in both',
    ...clipped(
      'SGD(0.01, global_clipnorm=0.1)',
      'nn.utils.clip_grad_norm_(model.parameters(), 0.1)',
    ),
    causes: [],
    absent: ['gradient-clipping'],
  },
  {
    what: 'clipping by value in both',
    ...clipped('SGD(0.01, clipvalue=0.01)', 'nn.utils.clip_grad_value_(model.parameters(), 0.01)'),
    causes: [],
    absent: ['gradient-clipping'],
  },
  {
    what: 'AdamW’s decay by default',
    ...optimizers('AdamW(0.01, epsilon=1e-8)', 'AdamW(lr=0.01)'),
    causes: ['weight-decay'],
  },
  {
    what: 'L2 and half of it',
    ...losses(
      {
        layers:
          'layers.Dense(4, kernel_regularizer=keras.regularizers.L2(0.05), bias_regularizer=keras.regularizers.L2(0.05))',
      },
      { optimizer: 'torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=0.1)' },
    ),
    causes: [],
    absent: ['l2-and-weight-decay'],
  },
  {
    what: 'frozen in both',
    ...losses(
      { layers: 'layers.Dense(5, trainable=False), layers.Dense(4)' },
      {
        before: 'first = nn.Linear(6, 5)\nfirst.requires_grad_(False)',
        layers: 'first, nn.Linear(5, 4)',
      },
    ),
    causes: [],
    absent: ['frozen'],
  },
  {
    what: 'not given to the optimizer in PyTorch',
    ...losses(
      { layers: 'layers.Dense(5), layers.Dense(4)' },
      {
        layers: 'nn.Linear(6, 5), nn.Linear(5, 4)',
        optimizer: 'torch.optim.SGD(model[1].parameters(), lr=0.05)',
      },
    ),
    causes: ['frozen'],
  },
  {
    what: 'batch norm frozen in Keras, which then normalises as in evaluation',
    ...losses(
      {
        layers:
          'layers.Dense(5), layers.BatchNormalization(trainable=False, epsilon=1e-5), layers.Dense(4)',
      },
      {
        before: 'norm = nn.BatchNorm1d(5)\nnorm.requires_grad_(False)',
        layers: 'nn.Linear(6, 5), norm, nn.Linear(5, 4)',
      },
    ),
    causes: ['batch-norm-frozen'],
  },
  {
    what: 'no bias in both',
    ...losses(
      { layers: 'layers.Dense(4, use_bias=False)' },
      { layers: 'nn.Linear(6, 4, bias=False)' },
    ),
    causes: [],
    absent: ['bias-missing'],
  },
  {
    what: 'a schedule in PyTorch',
    ...optimizers(
      'SGD(0.1)',
      'SGD(lr=0.1)',
      'scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)',
    ),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'schedules that part after more steps than are tried',
    ...optimizers(
      'SGD(keras.optimizers.schedules.PiecewiseConstantDecay([49], [0.1, 0.01]))',
      'SGD(lr=0.1)',
      'scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 60, 0.1)',
    ),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'a cosine in Keras, a line in PyTorch',
    ...optimizers(
      'SGD(keras.optimizers.schedules.CosineDecay(0.1, 20))',
      'SGD(lr=0.1)',
      'scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: max(0, 1 - i / 20))',
    ),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'a cosine in both',
    ...optimizers(
      'SGD(keras.optimizers.schedules.CosineDecay(0.1, 20))',
      'SGD(lr=0.1)',
      'import math\nscheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: (1 + math.cos(math.pi * min(i, 20) / 20)) / 2)',
    ),
    causes: [],
    absent: ['learning-rate-schedule'],
  },
  {
    what: 'by epoch in PyTorch, by step in Keras',
    ...optimizers(
      'SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))',
      'SGD(lr=0.1)',
      `${halved}\nscheduler_interval, steps_per_epoch = "epoch", 50`,
    ),
    causes: ['schedule-by-epoch'],
  },
  {
    what: 'by epoch in PyTorch, of batches, by step in Keras',
    ...scheduled('1', `batch_size = 4\n${halved}\nscheduler_interval = "epoch"`),
    causes: ['schedule-by-epoch'],
  },
  {
    what: 'by step in PyTorch, by steps that are epochs in Keras',
    ...scheduled('3, staircase=True', `batch_size = 4\n${halved}`),
    causes: ['schedule-by-epoch'],
  },
  {
    what: 'by epoch in both',
    ...scheduled('3, staircase=True', `batch_size = 4\n${halved}\nscheduler_interval = "epoch"`),
    causes: [],
    absent: ['schedule-by-epoch', 'learning-rate-schedule'],
  },
  {
    what: 'by epoch in both, of batches of another size',
    ...scheduled('3, staircase=True', `batch_size = 6\n${halved}\nscheduler_interval = "epoch"`),
    causes: ['batch-size'],
  },
  {
    what: 'by epoch in both, but within each epoch in Keras',
    ...scheduled('3', `batch_size = 4\n${halved}\nscheduler_interval = "epoch"`),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'another optimizer under a schedule by epoch',
    ...optimizers(
      'Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 50, 0.5, staircase=True))',
      'SGD(lr=0.1)',
      `${halved}\nscheduler_interval, steps_per_epoch = "epoch", 50`,
    ),
    causes: ['optimizer'],
  },
  {
    what: 'a schedule in both',
    ...optimizers(
      'SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))',
      'SGD(lr=0.1)',
      'scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)',
    ),
    causes: [],
    absent: ['learning-rate-schedule'],
  },

  {
    what: 'RMSprop, but for where epsilon stands',
    ...optimizers('RMSprop(0.01, epsilon=1e-14)', 'RMSprop(lr=0.01, alpha=0.9, eps=1e-14)'),
    causes: [],
    absent: ['rmsprop-decay', 'rmsprop-epsilon', 'rmsprop-centered', 'rmsprop-momentum'],
  },
  {
    what: 'NAdam with PyTorch’s decay as Keras has it',
    ...optimizers('Nadam(0.01, epsilon=1e-8)', 'NAdam(lr=0.01, momentum_decay=1.0)'),
    causes: [],
    absent: ['nadam-momentum-decay'],
  },
  {
    what: 'Adagrad’s rate, which stays',
    ...optimizers(
      'Adagrad(0.01, epsilon=1e-12)',
      'Adagrad(lr=0.01, initial_accumulator_value=0.1, eps=1e-12, lr_decay=0.0)',
    ),
    causes: [],
    absent: ['adagrad-learning-rate-decay'],
  },

  {
    what: 'momentum under a schedule',
    ...optimizers(
      'SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5), momentum=0.9)',
      'SGD(lr=0.1, momentum=0.9)',
      'scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)',
    ),
    causes: ['momentum-under-schedule'],
  },
  {
    what: 'momentum under a constant rate',
    ...optimizers('SGD(0.1, momentum=0.9)', 'SGD(lr=0.1, momentum=0.9)'),
    causes: [],
    absent: ['momentum-under-schedule'],
  },
];
