/** Where a value of the configuration stands: keys of maps and positions in lists, from the top. */
export type KeyPath = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** `FILE:LINE`, or the name of the environment variable or option that holds the value. */
  readonly where: string;
  /** What is wrong and what to do about it, as one line. */
  readonly message: string;
}

/** A configuration that no replica can run by; names everything that is wrong with it, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, message }) => `${where}: ${message}`).join('\n'));
  }
}

/** `replicas[0].clientAddress`, as people write it. */
export const showPath = (path: KeyPath): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
