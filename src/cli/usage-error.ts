/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** @param command whose help tells more; none where it is not known which command was meant */
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}
