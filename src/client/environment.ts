import type { ClientOptions } from './options.js';

/**
 * Which cell a program means, and as whom it comes, as far as it does not say so itself. A variable that is empty says
 * nothing.
 */
export const optionsOfEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
): Pick<ClientOptions, 'cell' | 'principal'> => ({
  cell: env['CHUBBY_CELL'] || undefined,
  principal: env['CHUBBY_PRINCIPAL'] || undefined,
});
