import { type Case, dense, images, net, type Programs } from './cases';

/** Attention over five steps of eight features, with the arguments of its call. */
const attention = (keras: string, torch: string): Programs => ({
  input: '(5, 8)',
  keras: {
    before: `
import numpy as np
inputs = keras.Input((5, 8))
x = layers.MultiHeadAttention(2, 4)(inputs, inputs${keras})
outputs = layers.Dense(3)(x)
`,
    model: 'keras.Model(inputs, outputs)',
  },
  torch: net(
    'self.a = nn.MultiheadAttention(8, 2, batch_first=True)\nself.d = nn.Linear(8, 3)',
    `return self.d(self.a(x, x, x${torch})[0])`,
  ),
});
const causal = ', use_causal_mask=True';
const square = ', attn_mask=nn.Transformer.generate_square_subsequent_mask(5)';
const band = 'abs(np.arange(5)[:, None] - np.arange(5)) < 2';

export const layerCases: readonly Case[] = [
  // Precision.
  {
    what: 'float16 in PyTorch',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).half()' },
    causes: ['precision'],
  },
  {
    what: 'bfloat16 in PyTorch',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).bfloat16()' },
    causes: ['precision'],
  },
  {
    what: 'float64 in PyTorch',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).double()' },
    causes: ['precision'],
  },
  {
    what: 'mixed float16 in Keras',
    ...dense('', ''),
    keras: { ...dense('', '').keras, before: 'keras.config.set_dtype_policy("mixed_float16")' },
    causes: ['precision'],
  },
  {
    what: 'mixed bfloat16 in Keras',
    ...dense('', ''),
    keras: { ...dense('', '').keras, before: 'keras.config.set_dtype_policy("mixed_bfloat16")' },
    causes: ['precision'],
  },
  {
    what: 'layers of float16 in Keras',
    ...dense('', ''),
    keras: { layers: 'layers.Dense(8, dtype="float16"), layers.Dense(3, dtype="float16")' },
    causes: ['precision'],
  },
  {
    what: 'layers of bfloat16 in Keras',
    ...dense('', ''),
    keras: { layers: 'layers.Dense(8, dtype="bfloat16"), layers.Dense(3, dtype="bfloat16")' },
    causes: ['precision'],
  },
  {
    what: 'float64 in Keras',
    ...dense('', ''),
    keras: { ...dense('', '').keras, before: 'keras.backend.set_floatx("float64")' },
    causes: ['precision'],
  },
  {
    what: 'float16 in PyTorch, bfloat16 in Keras',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).half()' },
    keras: { ...dense('', '').keras, before: 'keras.config.set_dtype_policy("bfloat16")' },
    causes: ['precision'],
  },
  {
    what: 'float16 in PyTorch, and another activation',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)).half()' },
    causes: ['activation-missing', 'precision'],
  },
  {
    what: 'float16 in both',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).half()' },
    keras: { ...dense('', '').keras, before: 'keras.config.set_dtype_policy("float16")' },
    causes: [],
    absent: ['precision'],
  },
  {
    what: 'float64 in both',
    ...dense('', ''),
    torch: { model: 'nn.Sequential(nn.Linear(6, 8), nn.Linear(8, 3)).double()' },
    keras: { ...dense('', '').keras, before: 'keras.backend.set_floatx("float64")' },
    causes: [],
    absent: ['precision'],
  },
  // Attention.
  { what: 'causal in Keras only', ...attention(causal, ''), causes: ['attention-mask'] },
  { what: 'causal in PyTorch only', ...attention('', square), causes: ['attention-mask'] },
  {
    what: 'causal in both, by −∞ and by the argument',
    ...attention(causal, square),
    causes: [],
    absent: ['attention-mask'],
  },
  {
    what: 'causal in both, by a mask in PyTorch and in Keras',
    ...attention(
      ', attention_mask=np.tril(np.ones((1, 5, 5), bool))',
      ', attn_mask=torch.ones(5, 5, dtype=torch.bool).triu(1), need_weights=False, is_causal=True',
    ),
    causes: [],
  },
  {
    what: 'a mask whose True means the opposite',
    ...attention(
      `, attention_mask=(${band})[None]`,
      ', attn_mask=(torch.arange(5)[:, None] - torch.arange(5)).abs() < 2',
    ),
    causes: ['attention-mask'],
  },
  // Normalisation.
  {
    what: 'layer norm by default',
    ...dense('layers.LayerNormalization(),', 'nn.LayerNorm(8),'),
    causes: ['layer-norm-epsilon'],
  },
  {
    what: 'layer norm the other way',
    ...dense('layers.LayerNormalization(epsilon=1e-5),', 'nn.LayerNorm(8, eps=1e-3),'),
    causes: ['layer-norm-epsilon'],
  },
  {
    what: 'layer norm alike',
    ...dense('layers.LayerNormalization(epsilon=1e-5),', 'nn.LayerNorm(8),'),
    causes: [],
    absent: ['layer-norm-epsilon'],
  },
  {
    what: 'batch norm alike but for the variance',
    ...dense('layers.BatchNormalization(epsilon=1e-5, momentum=0.9),', 'nn.BatchNorm1d(8),'),
    causes: ['batch-norm-running-variance'],
  },
  {
    what: 'batch norm’s epsilon',
    ...dense(
      'layers.BatchNormalization(epsilon=1e-5, momentum=0.9),',
      'nn.BatchNorm1d(8, eps=1e-3),',
    ),
    causes: ['batch-norm-epsilon', 'batch-norm-running-variance'],
  },
  {
    what: 'group norm',
    ...images(
      'layers.Conv2D(4, 3), layers.GroupNormalization(2)',
      'nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4)',
    ),
    causes: ['group-norm-epsilon'],
  },
  // Convolution and pooling.
  {
    what: 'same with a stride',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'same with a stride, padded by hand',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 4, 3, stride=2)',
    ),
    causes: [],
    absent: ['padding-same'],
  },
  {
    what: 'same of an odd size',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
      9,
    ),
    causes: [],
  },
  {
    what: 'valid and padded',
    ...images('layers.Conv2D(4, 3)', 'nn.Conv2d(3, 4, 3, padding=1)'),
    causes: ['padding'],
  },
  {
    what: 'same average pooling',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.AveragePooling2D(3, strides=1, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.AvgPool2d(3, stride=1, padding=1)',
    ),
    causes: ['average-pool-padding'],
  },
  {
    what: 'same average pooling that counts no padding',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.AveragePooling2D(3, strides=1, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)',
    ),
    causes: [],
    absent: ['average-pool-padding'],
  },
  {
    what: 'same max pooling',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.MaxPooling2D(3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.MaxPool2d(3, stride=2, padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'dilation',
    ...images(
      'layers.Conv2D(4, 3, dilation_rate=2, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1)',
    ),
    causes: ['convolution-dilation'].concat('padding-same'),
  },
  {
    what: 'max and average pooling',
    ...images('layers.Conv2D(4, 3), layers.MaxPooling2D(2)', 'nn.Conv2d(3, 4, 3), nn.AvgPool2d(2)'),
    causes: ['pooling-function'],
  },
  {
    what: 'a transposed convolution, same',
    ...images(
      'layers.Conv2DTranspose(4, 3, strides=2, padding="same")',
      'nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'a transposed convolution, valid',
    ...images('layers.Conv2DTranspose(4, 3, strides=2)', 'nn.ConvTranspose2d(3, 4, 3, stride=2)'),
    causes: [],
  },
  // Dropout.
  {
    what: 'another share',
    ...dense('layers.Dropout(0.5),', 'nn.Dropout(0.2),'),
    causes: ['dropout-rate'],
  },
  {
    what: 'the same share',
    ...dense('layers.Dropout(0.5),', 'nn.Dropout(),'),
    causes: [],
    absent: ['dropout-rate', 'dropout-missing'],
  },
  {
    what: 'a dropout that PyTorch lacks',
    ...dense('layers.Dropout(0.5),', ''),
    causes: ['dropout-missing'],
  },
  {
    what: 'a dropout that Keras lacks',
    ...dense('', 'nn.Dropout(0.5),'),
    causes: ['dropout-missing'],
  },

  {
    what: 'batch norm’s epsilon alone',
    ...dense('layers.BatchNormalization(momentum=1.0),', 'nn.BatchNorm1d(8, momentum=0.0),'),
    causes: ['batch-norm-epsilon'],
  },
  {
    what: 'batch norm’s epsilon alike',
    ...dense(
      'layers.BatchNormalization(momentum=1.0),',
      'nn.BatchNorm1d(8, momentum=0.0, eps=1e-3),',
    ),
    causes: [],
    absent: ['batch-norm-epsilon', 'batch-norm-momentum', 'batch-norm-running-variance'],
  },
  {
    what: 'batch norm’s momentum',
    ...dense('layers.BatchNormalization(epsilon=1e-5),', 'nn.BatchNorm1d(8),'),
    causes: ['batch-norm-momentum', 'batch-norm-running-variance'],
  },
  {
    what: 'batch norm without a scale and a shift in Keras',
    ...dense(
      'layers.BatchNormalization(epsilon=1e-5, momentum=1.0, scale=False, center=False),',
      'nn.BatchNorm1d(8, momentum=0.0),',
    ),
    causes: ['bias-missing', 'scale-missing'],
  },
  {
    what: 'layer norm without a scale and a shift in PyTorch',
    ...dense(
      'layers.LayerNormalization(epsilon=1e-5),',
      'nn.LayerNorm(8, elementwise_affine=False),',
    ),
    causes: ['bias-missing', 'scale-missing'],
  },
  {
    what: 'layer norm without a scale in Keras',
    ...dense('layers.LayerNormalization(epsilon=1e-5, scale=False),', 'nn.LayerNorm(8),'),
    causes: ['scale-missing'],
  },
  {
    what: 'layer norm without a scale and a shift in both',
    ...dense(
      'layers.LayerNormalization(epsilon=1e-5, scale=False, center=False),',
      'nn.LayerNorm(8, elementwise_affine=False),',
    ),
    causes: [],
    absent: ['scale-missing', 'bias-missing'],
  },
  {
    what: 'group norm alike',
    ...images(
      'layers.Conv2D(4, 3), layers.GroupNormalization(2, epsilon=1e-5)',
      'nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4)',
    ),
    causes: [],
    absent: ['group-norm-epsilon'],
  },
  {
    what: 'padded in Keras only',
    ...images('layers.Conv2D(4, 3, padding="same")', 'nn.Conv2d(3, 4, 3)'),
    causes: ['padding-same'],
  },
  {
    what: 'padded by hand in Keras, not in PyTorch',
    ...images('layers.ZeroPadding2D(1), layers.Conv2D(4, 3)', 'nn.Conv2d(3, 4, 3)'),
    causes: ['padding'],
  },
  {
    what: 'padded by hand in Keras and by the layer in PyTorch',
    ...images(
      'layers.ZeroPadding2D(1), layers.Conv2D(4, 3, strides=2)',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
    ),
    causes: [],
    absent: ['padding'],
  },
  {
    what: 'a stride of the convolution',
    ...images('layers.Conv2D(4, 3, strides=2)', 'nn.Conv2d(3, 4, 3)'),
    causes: ['convolution-stride'],
  },
  {
    what: 'dilation alone',
    ...images('layers.Conv2D(4, 3, dilation_rate=2)', 'nn.Conv2d(3, 4, 3)'),
    causes: ['convolution-dilation'],
  },
  {
    what: 'dilation and stride alike',
    ...images(
      'layers.Conv2D(4, 3, dilation_rate=2), layers.Conv2D(4, 1, strides=2)',
      'nn.Conv2d(3, 4, 3, dilation=2), nn.Conv2d(4, 4, 1, stride=2)',
    ),
    causes: [],
    absent: ['convolution-dilation', 'convolution-stride'],
  },
  {
    what: 'the size of a pooling',
    ...images(
      'layers.Conv2D(4, 3), layers.MaxPooling2D(2, strides=1)',
      'nn.Conv2d(3, 4, 3), nn.MaxPool2d(3, stride=1)',
    ),
    causes: ['pooling-size'],
  },
  {
    what: 'the stride of a pooling',
    ...images(
      'layers.Conv2D(4, 3), layers.MaxPooling2D(2, strides=1)',
      'nn.Conv2d(3, 4, 3), nn.MaxPool2d(2)',
    ),
    causes: ['pooling-stride'],
  },
  {
    what: 'pooling alike',
    ...images(
      'layers.Conv2D(4, 3), layers.MaxPooling2D(2, strides=1)',
      'nn.Conv2d(3, 4, 3), nn.MaxPool2d(2, 1)',
    ),
    causes: [],
    absent: ['pooling-function', 'pooling-size', 'pooling-stride'],
  },
  {
    what: 'the mean and the maximum over the maps',
    input: '(8, 8, 3)',
    keras: { layers: 'layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), layers.Dense(2)' },
    torch: { layers: 'nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)' },
    causes: ['pooling-function'],
  },
  {
    what: 'resizing by the corners',
    ...images(
      'layers.Conv2D(4, 3), layers.UpSampling2D(2, interpolation="bilinear")',
      'nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)',
    ),
    causes: ['resize-corners'],
  },
  {
    what: 'nearest and bilinear',
    ...images(
      'layers.Conv2D(4, 3), layers.UpSampling2D(2), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(4, 4, 3)',
    ),
    causes: ['resize-mode'],
  },
  {
    what: 'resizing alike',
    ...images(
      'layers.Conv2D(4, 3), layers.UpSampling2D(2, interpolation="bilinear"), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(4, 4, 3)',
    ),
    causes: [],
    absent: ['resize-corners', 'resize-mode', 'resize-antialias', 'resize-cubic'],
  },
  {
    what: 'smaller, with antialias in Keras',
    ...images(
      'layers.Conv2D(4, 3), layers.Resizing(4, 4, antialias=True), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample((4, 4), mode="bilinear"), nn.Conv2d(4, 4, 3)',
    ),
    causes: ['resize-antialias'],
  },
  {
    what: 'smaller, nearest by half pixels in Keras',
    ...images(
      'layers.Conv2D(4, 3), layers.Resizing(4, 4, interpolation="nearest"), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample((4, 4), mode="nearest"), nn.Conv2d(4, 4, 3)',
    ),
    causes: ['resize-half-pixels'],
  },
  {
    what: 'smaller, nearest by half pixels in both',
    ...images(
      'layers.Conv2D(4, 3), layers.Resizing(4, 4, interpolation="nearest"), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample((4, 4), mode="nearest-exact"), nn.Conv2d(4, 4, 3)',
    ),
    causes: [],
    absent: ['resize-half-pixels'],
  },
  {
    what: 'bicubic',
    ...images(
      'layers.Conv2D(4, 3), layers.Resizing(12, 12, interpolation="bicubic"), layers.Conv2D(4, 3)',
      'nn.Conv2d(3, 4, 3), nn.Upsample((12, 12), mode="bicubic"), nn.Conv2d(4, 4, 3)',
    ),
    causes: ['resize-cubic'],
  },
  {
    what: 'dropout in evaluation too',
    ...{
      input: '(6,)',
      keras: { layers: 'layers.Dense(8), layers.Dropout(0.5), layers.Dense(3)' },
      torch: net(
        'self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 3)',
        'return self.b(F.dropout(self.a(x), 0.5))',
      ),
    },
    causes: ['dropout-in-evaluation'],
  },
  {
    what: 'training=True in Keras, which the model’s own argument overrules',
    input: '(6,)',
    keras: {
      before: `
inputs = keras.Input((6,))
x = layers.Dense(8)(inputs)
x = layers.Dropout(0.5)(x, training=True)
outputs = layers.Dense(3)(x)
`,
      model: 'keras.Model(inputs, outputs)',
    },
    torch: { layers: 'nn.Linear(6, 8), nn.Dropout(0.5), nn.Linear(8, 3)' },
    causes: [],
  },
  {
    what: 'dropout in training only, as a function',
    ...{
      input: '(6,)',
      keras: { layers: 'layers.Dense(8), layers.Dropout(0.5), layers.Dense(3)' },
      torch: net(
        'self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 3)',
        'return self.b(F.dropout(self.a(x), 0.5, self.training))',
      ),
    },
    causes: [],
    absent: ['dropout-in-evaluation'],
  },

  {
    what: 'batch norm trained in both',
    ...dense(
      'layers.BatchNormalization(momentum=1.0, trainable=True),',
      'nn.BatchNorm1d(8, momentum=0.0, eps=1e-3),',
    ),
    causes: [],
    absent: ['batch-norm-frozen'],
  },

  {
    what: 'dropout of whole channels in PyTorch only',
    ...images('layers.Conv2D(4, 3), layers.Dropout(0.5)', 'nn.Conv2d(3, 4, 3), nn.Dropout2d(0.5)'),
    causes: ['dropout-spatial'],
  },
  {
    what: 'dropout of whole channels in Keras only',
    ...images(
      'layers.Conv2D(4, 3), layers.SpatialDropout2D(0.5)',
      'nn.Conv2d(3, 4, 3), nn.Dropout(0.5)',
    ),
    causes: ['dropout-spatial'],
  },
  {
    what: 'dropout of whole channels in both',
    ...images(
      'layers.Conv2D(4, 3), layers.SpatialDropout2D(0.5)',
      'nn.Conv2d(3, 4, 3), nn.Dropout2d(0.5)',
    ),
    causes: [],
    absent: ['dropout-spatial'],
  },
  {
    what: 'maps made of what a dense layer gives',
    input: '(5,)',
    keras: {
      layers:
        'layers.Dense(96), layers.LeakyReLU(negative_slope=0.2), layers.Reshape((4, 4, 6)), layers.Conv2D(3, 3)',
    },
    torch: {
      layers: 'nn.Linear(5, 96), nn.LeakyReLU(0.2), nn.Unflatten(1, (6, 4, 4)), nn.Conv2d(6, 3, 3)',
    },
    causes: [],
  },
];
