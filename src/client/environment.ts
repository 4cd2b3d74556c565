import type { ClientOptions } from './options.js';

type Named = Pick<ClientOptions, 'cell' | 'principal'>;

/**
 * Which cell a program means, and as whom it comes, as far as it does not say so itself. A variable that is empty says
 * nothing.
 */
export const optionsOfEnvironment = (env: Readonly<Record<string, string | undefined>>): Named => ({
  cell: env['CHUBBY_CELL'] || undefined,
  principal: env['CHUBBY_PRINCIPAL'] || undefined,
});

/** The variables that have a program mean the same, as far as it is said. */
export const environmentOf = ({ cell, principal }: Named): Readonly<Record<string, string>> => ({
  ...(cell !== undefined && { CHUBBY_CELL: cell }),
  ...(principal !== undefined && { CHUBBY_PRINCIPAL: principal }),
});
