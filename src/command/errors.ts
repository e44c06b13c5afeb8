/**
 * An error whose message is written for the user: one line that says what is
 * wrong, where, and how to fix it. Commands print it without a stack and exit with `exitCode`:
 * 1 when the work found something wrong, 2 when the call or the set-up was wrong.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
