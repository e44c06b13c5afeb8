/** `torch.nn.utils`: what is done with parameters and sequences around modules. */
export * as rnn from './rnn';
