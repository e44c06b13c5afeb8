import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const F = torch.nn.functional;

/** Python first, then the same in TypeScript; both start from this, and from one seed each time. */
const setUp = `
torch.manual_seed(7)
x = torch.randn(4, 6)
y = torch.randn(4, 6)
line = torch.randn(2, 4, 9)
image = torch.randn(2, 4, 8, 8)
volume = torch.randn(1, 2, 6, 6, 6)
classes = torch.tensor([1, 0, 3, 5])
labels = torch.tensor([[0, 2, -1, 1, 1, 1]] * 4)
weight = torch.rand(6)
signs = torch.tensor([1., -1., 1., -1.])
theta = torch.randn(2, 2, 3)
words = torch.tensor([[1, 2, 0], [4, 0, 1]])
def run(f):
    torch.manual_seed(1)
    return bits(f())
`;
torch.manualSeed(7);
const x = torch.randn(4, 6);
const y = torch.randn(4, 6);
const line = torch.randn(2, 4, 9);
const image = torch.randn(2, 4, 8, 8);
const volume = torch.randn(1, 2, 6, 6, 6);
const classes = torch.tensor([1, 0, 3, 5]);
const labels = torch.tensor(Array.from({ length: 4 }, () => [0, 2, -1, 1, 1, 1]));
const weight = torch.rand(6);
const signs = torch.tensor([1, -1, 1, -1], { dtype: 'float32' });
const theta = torch.randn(2, 2, 3);
const words = torch.tensor([
  [1, 2, 0],
  [4, 0, 1],
]);

const twins: Record<string, () => unknown> = {
  // Activations
  'F.relu(x.clone(), inplace=True)': () => F.relu(x.clone(), { inplace: true }),
  'F.relu6(x * 9)': () => F.relu6(x.mul(9)),
  'F.elu(x, 0.5)': () => F.elu(x, 0.5),
  'F.elu_(x.clone(), 0.5)': () => F.elu_(x.clone(), 0.5),
  'F.celu(x, alpha=2.0)': () => F.celu(x, { alpha: 2 }),
  'F.leaky_relu(x, 0.2)': () => F.leakyRelu(x, 0.2),
  'F.leaky_relu(x.clone(), 0.2, True)': () => F.leakyRelu(x.clone(), 0.2, true),
  'F.hardtanh(x, -0.5, 0.25)': () => F.hardtanh(x, -0.5, 0.25),
  'F.threshold(x, 0.1, 20.0)': () => F.threshold(x, 0.1, 20),
  'F.rrelu(x)': () => F.rrelu(x),
  'F.rrelu(x, 0.1, 0.3, training=True)': () =>
    F.rrelu(x, { lower: 0.1, upper: 0.3, training: true }),
  'F.glu(x, 1)': () => F.glu(x, 1),
  'F.selu(x)': () => F.selu(x),
  'F.silu(x)': () => F.silu(x),
  'F.mish(x)': () => F.mish(x),
  'F.gelu(x, approximate="tanh")': () => F.gelu(x, { approximate: 'tanh' }),
  'F.hardswish(x)': () => F.hardswish(x),
  'F.hardsigmoid(x)': () => F.hardsigmoid(x),
  'F.hardshrink(x)': () => F.hardshrink(x),
  'F.softshrink(x, 0.3)': () => F.softshrink(x, 0.3),
  'F.softplus(x, beta=2)': () => F.softplus(x, { beta: 2 }),
  'F.softsign(x)': () => F.softsign(x),
  'F.tanhshrink(x)': () => F.tanhshrink(x),
  'F.logsigmoid(x)': () => F.logsigmoid(x),
  'F.sigmoid(x)': () => F.sigmoid(x),
  'F.tanh(x)': () => F.tanh(x),
  'F.prelu(x, weight)': () => F.prelu(x, weight),
  'F.softmax(x, 1)': () => F.softmax(x, 1),
  'F.softmax(x)': () => F.softmax(x),
  'F.softmax(x, dim=0, dtype=torch.float64)': () => F.softmax(x, { dim: 0, dtype: 'float64' }),
  'F.softmin(x, 1)': () => F.softmin(x, 1),
  'F.log_softmax(line)': () => F.logSoftmax(line),
  'F.gumbel_softmax(x)': () => F.gumbelSoftmax(x),
  'F.gumbel_softmax(x, tau=0.5, hard=True)': () => F.gumbelSoftmax(x, { tau: 0.5, hard: true }),
  // Dropouts
  'F.dropout(x)': () => F.dropout(x),
  'F.dropout(x, 0.3, False)': () => F.dropout(x, 0.3, false),
  'F.dropout(x.clone(), 0.3, inplace=True)': () => F.dropout(x.clone(), 0.3, { inplace: true }),
  'F.alpha_dropout(x, 0.3, True)': () => F.alphaDropout(x, 0.3, true),
  'F.feature_alpha_dropout(image, training=True)': () =>
    F.featureAlphaDropout(image, { training: true }),
  'F.dropout1d(line)': () => F.dropout1d(line),
  'F.dropout1d(x.clone(), inplace=True)': () => F.dropout1d(x.clone(), { inplace: true }),
  'F.dropout2d(image)': () => F.dropout2d(image),
  'F.dropout3d(volume)': () => F.dropout3d(volume),
  'F.dropout3d(image)': () => F.dropout3d(image),
  // Poolings
  'F.max_pool1d(line, 2)': () => F.maxPool1d(line, 2),
  'F.max_pool1d(line, 3, stride=2, return_indices=True)': () =>
    F.maxPool1d(line, 3, { stride: 2, returnIndices: true }),
  'F.max_pool2d(image, 3, 2, 1)': () => F.maxPool2d(image, 3, 2, 1),
  'F.max_pool2d(image, (2, 3), ceil_mode=True, return_indices=True)': () =>
    F.maxPool2d(image, [2, 3], { ceilMode: true, returnIndices: true }),
  'F.max_pool3d(volume, 2, return_indices=True)': () =>
    F.maxPool3d(volume, 2, { returnIndices: true }),
  'F.avg_pool1d(line, 2)': () => F.avgPool1d(line, 2),
  'F.avg_pool2d(image, 3, padding=1, divisor_override=2)': () =>
    F.avgPool2d(image, 3, { padding: 1, divisorOverride: 2 }),
  'F.avg_pool3d(volume, 2)': () => F.avgPool3d(volume, 2),
  'F.lp_pool1d(line, 2, 3)': () => F.lpPool1d(line, 2, 3),
  'F.lp_pool1d(line, float("inf"), 3)': () => F.lpPool1d(line, Infinity, 3),
  'F.lp_pool2d(image, 3, (2, 3), stride=2)': () => F.lpPool2d(image, 3, [2, 3], { stride: 2 }),
  'F.lp_pool2d(image, 1.5, 2)': () => F.lpPool2d(image, 1.5, 2),
  'F.lp_pool3d(volume, 2.0, 2)': () => F.lpPool3d(volume, { float: 2 }, 2),
  'F.adaptive_avg_pool1d(line, 4)': () => F.adaptiveAvgPool1d(line, 4),
  'F.adaptive_avg_pool2d(image, (3, None))': () => F.adaptiveAvgPool2d(image, [3, null]),
  'F.adaptive_avg_pool3d(volume, 2)': () => F.adaptiveAvgPool3d(volume, 2),
  'F.adaptive_max_pool1d(line, 4, return_indices=True)': () =>
    F.adaptiveMaxPool1d(line, 4, { returnIndices: true }),
  'F.adaptive_max_pool2d(image, (None, 3))': () => F.adaptiveMaxPool2d(image, [null, 3]),
  'F.adaptive_max_pool3d(volume, 2, return_indices=True)': () =>
    F.adaptiveMaxPool3d(volume, 2, { returnIndices: true }),
  'F.fractional_max_pool2d(image, 2, output_size=3)': () =>
    F.fractionalMaxPool2d(image, 2, { outputSize: 3 }),
  'F.fractional_max_pool2d(image, 2, output_ratio=(0.5, 0.7), return_indices=True)': () =>
    F.fractionalMaxPool2d(image, 2, { outputRatio: [0.5, 0.7], returnIndices: true }),
  'F.fractional_max_pool3d(volume, 2, output_ratio=0.5)': () =>
    F.fractionalMaxPool3d(volume, 2, { outputRatio: 0.5 }),
  'F.max_unpool1d(*F.max_pool1d(line, 2, return_indices=True), 2, output_size=(9,))': () =>
    F.maxUnpool1d(...F.maxPool1d(line, 2, { returnIndices: true }), 2, { outputSize: [9] }),
  'F.max_unpool2d(*F.max_pool2d(image, 2, return_indices=True), 2)': () =>
    F.maxUnpool2d(...F.maxPool2d(image, 2, { returnIndices: true }), 2),
  'F.max_unpool3d(*F.max_pool3d(volume, 2, return_indices=True), 2)': () =>
    F.maxUnpool3d(...F.maxPool3d(volume, 2, { returnIndices: true }), 2),
  // Shapes, borders and views
  'F.pad(image, (1, 2))': () => F.pad(image, [1, 2]),
  'F.pad(image, (1, 2, 0, 1), "reflect")': () => F.pad(image, [1, 2, 0, 1], 'reflect'),
  'F.pad(line, (1, 2), mode="circular")': () => F.pad(line, [1, 2], { mode: 'circular' }),
  'F.pad(volume, (1, 1, 1, 1, 1, 1), "replicate")': () =>
    F.pad(volume, [1, 1, 1, 1, 1, 1], 'replicate'),
  'F.pad(x, (-1, 2), value=3.5)': () => F.pad(x, [-1, 2], { value: 3.5 }),
  'F.unfold(image, 3, padding=1, stride=2)': () => F.unfold(image, 3, { padding: 1, stride: 2 }),
  'F.fold(F.unfold(image, (2, 3)), (8, 8), (2, 3))': () =>
    F.fold(F.unfold(image, [2, 3]), [8, 8], [2, 3]),
  'F.pixel_shuffle(image, 2)': () => F.pixelShuffle(image, 2),
  'F.pixel_unshuffle(image, 2)': () => F.pixelUnshuffle(image, 2),
  'F.channel_shuffle(image, 2)': () => F.channelShuffle(image, 2),
  'F.one_hot(classes)': () => F.oneHot(classes),
  'F.one_hot(classes, num_classes=7)': () => F.oneHot(classes, { numClasses: 7 }),
  'F.interpolate(line, 5)': () => F.interpolate(line, 5),
  'F.interpolate(line, scale_factor=1.7, mode="linear")': () =>
    F.interpolate(line, { scaleFactor: 1.7, mode: 'linear' }),
  'F.interpolate(image, scale_factor=(1.5, 0.7))': () =>
    F.interpolate(image, { scaleFactor: [1.5, 0.7] }),
  'F.interpolate(image, size=(5, 11), mode="bilinear", align_corners=True)': () =>
    F.interpolate(image, { size: [5, 11], mode: 'bilinear', alignCorners: true }),
  'F.interpolate(image, size=5, mode="bilinear", antialias=True)': () =>
    F.interpolate(image, { size: 5, mode: 'bilinear', antialias: true }),
  'F.interpolate(image, scale_factor=0.6, mode="bicubic", recompute_scale_factor=True)': () =>
    F.interpolate(image, { scaleFactor: 0.6, mode: 'bicubic', recomputeScaleFactor: true }),
  'F.interpolate(image, size=5, mode="bicubic", antialias=True)': () =>
    F.interpolate(image, { size: 5, mode: 'bicubic', antialias: true }),
  'F.interpolate(image, size=5, mode="lanczos", antialias=True)': () =>
    F.interpolate(image, { size: 5, mode: 'lanczos', antialias: true }),
  'F.interpolate(image, scale_factor=0.6, mode="area")': () =>
    F.interpolate(image, { scaleFactor: 0.6, mode: 'area' }),
  'F.interpolate(volume, size=4, mode="nearest-exact")': () =>
    F.interpolate(volume, { size: 4, mode: 'nearest-exact' }),
  'F.interpolate(volume, scale_factor=1.5, mode="trilinear")': () =>
    F.interpolate(volume, { scaleFactor: 1.5, mode: 'trilinear' }),
  'F.affine_grid(theta, (2, 4, 5, 6), align_corners=False)': () =>
    F.affineGrid(theta, [2, 4, 5, 6], { alignCorners: false }),
  'F.grid_sample(image, F.affine_grid(theta, (2, 4, 5, 6)))': () =>
    F.gridSample(image, F.affineGrid(theta, [2, 4, 5, 6])),
  'F.grid_sample(image, F.affine_grid(theta, (2, 4, 5, 6)), mode="bicubic", padding_mode="reflection", align_corners=True)':
    () =>
      F.gridSample(image, F.affineGrid(theta, [2, 4, 5, 6]), {
        mode: 'bicubic',
        paddingMode: 'reflection',
        alignCorners: true,
      }),
  // Normalisations
  'F.batch_norm(x, weight, weight)': () => F.batchNorm(x, weight, weight),
  'F.batch_norm(x, None, None, weight, training=True, eps=1e-3)': () =>
    F.batchNorm(x, null, null, weight, null, true, 0.1, 1e-3),
  'F.instance_norm(line, eps=1e-3)': () => F.instanceNorm(line, { eps: 1e-3 }),
  'F.layer_norm(x, (6,), weight, weight)': () => F.layerNorm(x, [6], weight, weight),
  'F.layer_norm(x, [4, 6], eps=1e-2)': () => F.layerNorm(x, [4, 6], { eps: 1e-2 }),
  'F.rms_norm(x, (6,), weight)': () => F.rmsNorm(x, [6], weight),
  'F.group_norm(image, 2)': () => F.groupNorm(image, 2),
  'F.local_response_norm(image, 3)': () => F.localResponseNorm(image, 3),
  'F.local_response_norm(line, 2, alpha=0.1, k=2.0)': () =>
    F.localResponseNorm(line, 2, { alpha: 0.1, k: 2 }),
  'F.normalize(x)': () => F.normalize(x),
  'F.normalize(x, p=1.0, dim=0)': () => F.normalize(x, { p: 1, dim: 0 }),
  // Embeddings and distances
  'F.embedding(words % 4, x)': () => F.embedding(words.remainder(4), x),
  'F.embedding_bag(words, torch.cat([x, y]))': () => F.embeddingBag(words, torch.cat([x, y])),
  'F.embedding_bag(words.view(-1), torch.cat([x, y]), torch.tensor([0, 4]), mode="max")': () =>
    F.embeddingBag(words.view(-1), torch.cat([x, y]), torch.tensor([0, 4]), { mode: 'max' }),
  'F.bilinear(x, y, torch.stack([x.T @ y] * 3))': () =>
    F.bilinear(x, y, torch.stack([x.T.matmul(y), x.T.matmul(y), x.T.matmul(y)])),
  'F.cosine_similarity(x, y)': () => F.cosineSimilarity(x, y),
  'F.pairwise_distance(x, y, p=1.5, keepdim=True)': () =>
    F.pairwiseDistance(x, y, { p: 1.5, keepdim: true }),
  'F.pdist(x)': () => F.pdist(x),
  // Losses
  'F.l1_loss(x, y)': () => F.l1Loss(x, y),
  'F.l1_loss(x, y, weight=y.abs())': () => F.l1Loss(x, y, { weight: y.abs() }),
  'F.mse_loss(x, y, reduction="none")': () => F.mseLoss(x, y, { reduction: 'none' }),
  'F.mse_loss(x, y, weight=y.abs(), reduction="sum")': () =>
    F.mseLoss(x, y, { weight: y.abs(), reduction: 'sum' }),
  'F.huber_loss(x, y, delta=0.7)': () => F.huberLoss(x, y, { delta: 0.7 }),
  'F.huber_loss(x, y, weight=y.abs())': () => F.huberLoss(x, y, { weight: y.abs() }),
  'F.smooth_l1_loss(x, y, beta=0.5)': () => F.smoothL1Loss(x, y, { beta: 0.5 }),
  'F.smooth_l1_loss(x, y, beta=0)': () => F.smoothL1Loss(x, y, { beta: 0 }),
  'F.poisson_nll_loss(x, y.abs(), full=True)': () => F.poissonNllLoss(x, y.abs(), { full: true }),
  'F.gaussian_nll_loss(x, y, y.abs(), full=True)': () =>
    F.gaussianNllLoss(x, y, y.abs(), { full: true }),
  'F.gaussian_nll_loss(x, y, 0.5)': () => F.gaussianNllLoss(x, y, 0.5),
  'F.gaussian_nll_loss(x, y, y[:, 0].abs(), reduction="sum")': () =>
    F.gaussianNllLoss(x, y, y.select(1, 0).abs(), { reduction: 'sum' }),
  'F.nll_loss(x, classes, weight)': () => F.nllLoss(x, classes, { weight }),
  'F.cross_entropy(x, classes, weight, ignore_index=3, reduction="none")': () =>
    F.crossEntropy(x, classes, { weight, ignoreIndex: 3, reduction: 'none' }),
  'F.binary_cross_entropy(x.sigmoid(), y.sigmoid(), weight)': () =>
    F.binaryCrossEntropy(x.sigmoid(), y.sigmoid(), { weight }),
  'F.binary_cross_entropy_with_logits(x, y.sigmoid(), pos_weight=weight)': () =>
    F.binaryCrossEntropyWithLogits(x, y.sigmoid(), { posWeight: weight }),
  'F.kl_div(x, y.softmax(1), reduction="batchmean")': () =>
    F.klDiv(x, y.softmax(1), { reduction: 'batchmean' }),
  'F.kl_div(x, y.log_softmax(1), log_target=True)': () =>
    F.klDiv(x, y.logSoftmax(1), { logTarget: true }),
  'F.ctc_loss(line.permute(2, 0, 1).log_softmax(2), torch.tensor([[1, 2], [3, 1]]), torch.tensor([9, 7]), torch.tensor([2, 1]))':
    () =>
      F.ctcLoss(
        line.permute(2, 0, 1).logSoftmax(2),
        torch.tensor([
          [1, 2],
          [3, 1],
        ]),
        torch.tensor([9, 7]),
        torch.tensor([2, 1]),
      ),
  'F.ctc_loss(line.permute(2, 0, 1).log_softmax(2), torch.tensor([1, 2, 3]), (9, 7), (2, 1), reduction="sum")':
    () =>
      F.ctcLoss(line.permute(2, 0, 1).logSoftmax(2), torch.tensor([1, 2, 3]), [9, 7], [2, 1], {
        reduction: 'sum',
      }),
  'F.margin_ranking_loss(x, y, y.sign(), margin=0.3)': () =>
    F.marginRankingLoss(x, y, y.sign(), { margin: 0.3 }),
  'F.hinge_embedding_loss(x, y.sign())': () => F.hingeEmbeddingLoss(x, y.sign()),
  'F.cosine_embedding_loss(x, y, signs, margin=0.2)': () =>
    F.cosineEmbeddingLoss(x, y, signs, { margin: 0.2 }),
  'F.soft_margin_loss(x, y.sign())': () => F.softMarginLoss(x, y.sign()),
  'F.multilabel_margin_loss(x, labels)': () => F.multilabelMarginLoss(x, labels),
  'F.multi_margin_loss(x, classes, p=2, margin=0.5, weight=weight)': () =>
    F.multiMarginLoss(x, classes, { p: 2, margin: 0.5, weight }),
  'F.multilabel_soft_margin_loss(x, (y > 0).float(), weight)': () =>
    F.multilabelSoftMarginLoss(x, y.gt(0).float(), { weight }),
  'F.triplet_margin_loss(x, y, x + y, swap=True)': () =>
    F.tripletMarginLoss(x, y, x.add(y), { swap: true }),
  'F.triplet_margin_with_distance_loss(x, y, x + y, distance_function=lambda a, b: 1 - F.cosine_similarity(a, b), swap=True)':
    () =>
      F.tripletMarginWithDistanceLoss(x, y, x.add(y), {
        distanceFunction: (a, b) => F.cosineSimilarity(a, b).neg().add(1),
        swap: true,
      }),
  'F.upsample(image, scale_factor=2)': () => F.upsample(image, { scaleFactor: 2 }),
  'F.upsample_nearest(image, 5)': () => F.upsampleNearest(image, 5),
  'F.upsample_bilinear(image, 5)': () => F.upsampleBilinear(image, 5),
  'F.adaptive_max_pool2d_with_indices(image, 3)': () => F.adaptiveMaxPool2dWithIndices(image, 3),
  'F.fractional_max_pool2d_with_indices(image, 2, 3)': () =>
    F.fractionalMaxPool2dWithIndices(image, 2, { outputSize: 3 }),
  'F.grouped_mm(image.view(2, 16, 16).bfloat16(), image.view(2, 16, 16).bfloat16()).float()': () =>
    F.groupedMm(image.view(2, 16, 16).bfloat16(), image.view(2, 16, 16).bfloat16()).float(),
  'F.linear_cross_entropy(x, torch.cat([x, y]), classes)': () =>
    F.linearCrossEntropy(x, torch.cat([x, y]), classes),
};

const expected = python(
  Object.keys(twins).map((expression) => `run(lambda: ${expression})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, twin], i) => [name, twin, expected[i]!] as const))(
  '%s has the same bits as in Python',
  (_, twin, want) => {
    torch.manualSeed(1);
    expect(bits(twin())).toBe(want);
  },
);

test('an in-place function gives its input back', () => {
  const own = x.clone();
  expect(F.relu_(own)).toBe(own);
  expect(F.dropout(own, { inplace: true })).toBe(own);
});

/** What both refuse with the same message. */
const refused: Record<string, () => unknown> = {
  'F.dropout(x, 1.5)': () => F.dropout(x, 1.5),
  'F.dropout1d(image)': () => F.dropout1d(image),
  'F.glu(torch.tensor(1.))': () => F.glu(torch.full([], 1.5)),
  'F.hardtanh(x, 1.0, -1.0)': () => F.hardtanh(x, 1, -1),
  'F.l1_loss(x, y, reduction="avg")': () => F.l1Loss(x, y, { reduction: 'avg' as 'mean' }),
  'F.binary_cross_entropy(x, classes)': () => F.binaryCrossEntropy(x, classes),
  'F.binary_cross_entropy_with_logits(x, classes)': () =>
    F.binaryCrossEntropyWithLogits(x, classes),
  'F.gaussian_nll_loss(x, y, y)': () => F.gaussianNllLoss(x, y, y),
  'F.gaussian_nll_loss(x, y, weight[:3])': () => F.gaussianNllLoss(x, y, torch.rand(3)),
  'F.multi_margin_loss(x, classes, p=3)': () => F.multiMarginLoss(x, classes, { p: 3 as 2 }),
  'F.triplet_margin_loss(x, y, y, margin=-1.0)': () => F.tripletMarginLoss(x, y, y, { margin: -1 }),
  'F.margin_ranking_loss(x, y, signs)': () => F.marginRankingLoss(x, y, signs),
  'F.embedding(words, x, padding_idx=9)': () => F.embedding(words, x, { paddingIdx: 9 }),
  'F.embedding_bag(words, x, mode="avg")': () => F.embeddingBag(words, x, { mode: 'avg' as 'sum' }),
  'F.embedding_bag(words.view(-1), x)': () => F.embeddingBag(words.view(-1), x),
  'F.batch_norm(x[:1], None, None, training=True)': () =>
    F.batchNorm(x.narrow(0, 0, 1), null, null, { training: true }),
  'F.batch_norm(x, None, None, training=True, eps=0.0)': () =>
    F.batchNorm(x, null, null, { training: true, eps: 0 }),
  'F.instance_norm(line[:, :, :1])': () => F.instanceNorm(line.narrow(2, 0, 1)),
  'F.group_norm(weight, 2)': () => F.groupNorm(weight, 2),
  'F.group_norm(x[:1, :2], 2)': () => F.groupNorm(x.narrow(0, 0, 1).narrow(1, 0, 2), 2),
  'F.local_response_norm(x, 2)': () => F.localResponseNorm(x, 2),
  'F.interpolate(image)': () => F.interpolate(image, {}),
  'F.interpolate(image, 3, 2.0)': () => F.interpolate(image, { size: 3, scaleFactor: 2 }),
  'F.interpolate(image, [3])': () => F.interpolate(image, [3]),
  'F.interpolate(image, scale_factor=[2, 3, 4])': () =>
    F.interpolate(image, { scaleFactor: [2, 3, 4] }),
  'F.interpolate(image, 3, mode="linear")': () => F.interpolate(image, 3, { mode: 'linear' }),
  'F.interpolate(x, 3)': () => F.interpolate(x, 3),
  'F.interpolate(image, 3, align_corners=True)': () =>
    F.interpolate(image, 3, { alignCorners: true }),
  'F.interpolate(line, 3, mode="linear", antialias=True)': () =>
    F.interpolate(line, 3, { mode: 'linear', antialias: true }),
  'F.grid_sample(image, image, mode="cubic")': () =>
    F.gridSample(image, image, { mode: 'cubic' as 'bicubic' }),
  'F.affine_grid(theta, [2, 3, 4, 5, 6])': () => F.affineGrid(theta, [2, 3, 4, 5, 6]),
  'F.affine_grid(theta, [2, 3, 0, 5])': () => F.affineGrid(theta, [2, 3, 0, 5]),
  'F.affine_grid(theta, [2, 3])': () => F.affineGrid(theta, [2, 3]),
  'F.fractional_max_pool2d(image, 2)': () => F.fractionalMaxPool2d(image, 2, {}),
  'F.max_unpool2d(image, image.long(), 2, output_size=[3, 3])': () =>
    F.maxUnpool2d(image, image.long(), 2, { outputSize: [3, 3] }),
  'F.max_unpool2d(image, image.long(), 2, output_size=(3,))': () =>
    F.maxUnpool2d(image, image.long(), 2, { outputSize: [3] }),
  'F.adaptive_avg_pool2d(weight.view(2, 3), (2, None))': () =>
    F.adaptiveAvgPool2d(weight.view(2, 3), [2, null]),
};

refusedAsInPython(refused, setUp);

test('unknown, missing and doubled arguments are refused', () => {
  expect(() => F.dropout(x, { q: 1 } as never)).toThrow(
    "dropout() got an unexpected keyword argument 'q'",
  );
  expect(() => F.lpPool2d(image, ...([] as never as [number, number]))).toThrow(
    "lp_pool2d() missing 2 required positional arguments: 'norm_type' and 'kernel_size'",
  );
  expect(() => F.dropout(x, 0.5, { p: 0.5 } as never)).toThrow(
    "dropout() got multiple values for argument 'p'",
  );
  expect(() => F.mish(3 as never)).toThrow(
    "mish(): argument 'input' (position 1) must be Tensor, not int",
  );
});

/** What `torch.nn.functional` has and F has not, by reason. */
const absent = {
  'products of float8 matrices by the recipes of GPU kernels': ['scaled_mm', 'scaled_grouped_mm'],
  'tools of PyTorch’s own Python code': [
    'Optional',
    'assert_int_or_pair',
    'boolean_dispatch',
    'handle_torch_function',
    'has_torch_function',
    'has_torch_function_unary',
    'has_torch_function_variadic',
  ],
};

test('every function of torch.nn.functional is there, but for those with a reason', () => {
  const [names] = python(
    [
      '" ".join(n for n in dir(F) if n[0] != "_" and callable(getattr(F, n)) and not isinstance(getattr(F, n), type))',
    ],
    '',
  );
  const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
  const missing = names!.split(' ').filter((name) => !(camel(name) in F));
  expect(missing.sort()).toEqual(Object.values(absent).flat().sort());
});

test('PyTorch’s warnings are warnings here, once', async () => {
  const warnings: string[] = [];
  const listen = jest
    .spyOn(process, 'emitWarning')
    .mockImplementation((warning) => void warnings.push(String(warning)));
  for (let i = 0; i < 2; i++) F.mseLoss(x, torch.zeros(6));
  F.glu(x);
  listen.mockRestore();
  expect(warnings).toEqual([
    'Using a target size (torch.Size([6])) that is different to the input size (torch.Size([4, 6])). ' +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  ]);
});
