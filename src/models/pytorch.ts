import * as torch from 'tandem-torch';
import type { Recipe } from '../training/recipe';

const { nn } = torch;
const F = nn.functional;

/** The fields of a recipe that determine the model. */
export type ModelRecipe = Pick<
  Recipe,
  'imageSize' | 'pooling' | 'hiddenUnits' | 'initialization' | 'lossForm'
>;

/** Side of the feature maps after two 3×3 convolutions and the pooling, in pixels. */
const featureSize = ({ imageSize, pooling }: ModelRecipe): number =>
  Math.floor((imageSize - 4) / pooling);

/**
 * The article's classifier in PyTorch's idiom: two convolutions, max-pooling, an optional hidden
 * layer, and the class scores. From images `[N, 1, S, S]` to `[N, 10]`: log-probabilities, or
 * probabilities where the recipe's loss form is `softmax`.
 */
export class CNNModel extends nn.Module {
  readonly conv1: torch.nn.Conv2d;
  readonly conv2: torch.nn.Conv2d;
  readonly hidden: torch.nn.Linear | null;
  readonly fc: torch.nn.Linear;

  constructor(private readonly recipe: ModelRecipe) {
    super();
    const features = 64 * featureSize(recipe) ** 2;
    this.conv1 = new nn.Conv2d(1, 32, 3);
    this.conv2 = new nn.Conv2d(32, 64, 3);
    this.hidden = recipe.hiddenUnits ? new nn.Linear(features, recipe.hiddenUnits) : null;
    this.fc = new nn.Linear(recipe.hiddenUnits ?? features, 10);
    if (recipe.initialization === 'glorot') this.apply(glorot);
  }

  forward(images: torch.Tensor): torch.Tensor {
    let x = F.relu(this.conv1.call(images));
    x = F.relu(this.conv2.call(x));
    x = F.maxPool2d(x, this.recipe.pooling);
    x = torch.flatten(x, 1);
    if (this.hidden) x = F.relu(this.hidden.call(x));
    x = this.fc.call(x);
    return this.recipe.lossForm === 'softmax' ? F.softmax(x, 1) : F.logSoftmax(x, 1);
  }
}

/** Keras' default: Glorot's uniform weights and zero biases. */
function glorot(module: torch.nn.Module): void {
  if (module instanceof nn.Conv2d || module instanceof nn.Linear) {
    nn.init.xavierUniform_(module.weight);
    if (module.bias) nn.init.zeros_(module.bias);
  }
}

/** The smallest probability that Keras takes the logarithm of (`keras.config.epsilon`). */
const epsilon = 1e-7;

/** The loss for the recipe's output, on class indices `[N]`. */
export function criterion({
  lossForm,
}: ModelRecipe): (output: torch.Tensor, target: torch.Tensor) => torch.Tensor {
  // On log-probabilities cross-entropy is idempotent: its own log-softmax changes nothing.
  if (lossForm === 'log-softmax') return (output, target) => F.crossEntropy(output, target);
  return (output, target) => F.nllLoss(output.clamp(epsilon, 1 - epsilon).log(), target);
}
