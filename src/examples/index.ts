import { train as lstm } from './lstm';
import { train as resnet } from './resnet';
import { train as transformer } from './transformer';
import { train as vae } from './vae';

/** Small models trained with `tandem/torch`: read them, run them, start from them. */
export const examples = { lstm, resnet, transformer, vae };
