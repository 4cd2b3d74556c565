/** Restoring was refused, and nothing was touched. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';

  /** @param remedy one sentence: what to do about it */
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
