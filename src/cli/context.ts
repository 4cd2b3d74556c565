import type { Admin, Client } from '../client/index.js';
import type { Output } from './output.js';
import type { Terminal } from './terminal.js';

/** What the commands use of a client. */
export type CellClient = Pick<
  Client,
  | 'read'
  | 'write'
  | 'stat'
  | 'list'
  | 'open'
  | 'mkdir'
  | 'delete'
  | 'setAcl'
  | 'multiOp'
  | 'withLock'
  | 'watch'
  | 'on'
  | 'signingKeys'
  | 'status'
  | 'report'
  | 'history'
  | 'close'
> & { readonly admin: Pick<Admin, 'listSessions' | 'endSession' | 'listLocks' | 'explain' | 'rotateKeys' | 'backup'> };

/** What a command works with. */
export interface Context {
  readonly client: CellClient;
  readonly output: Output;
  readonly terminal: Terminal;
}
