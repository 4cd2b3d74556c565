import { LIMITS } from './limits.js';

/** The metadata of a call or stream by which a client of a cell without TLS says who it is. */
export const PRINCIPAL_HEADER = 'chubby-principal';

/** Who says nothing. */
export const ANYBODY = 'anybody';

/** As it may stand on a line of an access list: printable ASCII without blanks. */
const PRINCIPAL = /^[\x21-\x7e]+$/;

export const isPrincipal = (text: string): boolean => text.length <= LIMITS.principalBytes && PRINCIPAL.test(text);
