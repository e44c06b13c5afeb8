import { Module } from '../module';

/** An activation that may write into its input. */
export abstract class Activation extends Module {
  readonly inplace: boolean;
  constructor({ inplace }: { inplace: boolean }) {
    super();
    this.inplace = inplace;
  }
  /** The settings, with `inplace` behind them where it is set. */
  protected settings(...settings: string[]): string {
    return (this.inplace ? [...settings, 'inplace=True'] : settings).join(', ');
  }
  override extraRepr(): string {
    return this.settings();
  }
}
