import { parseAddress } from '../rpc/address.js';
import type { ReplicaConfig } from '../config/config.js';
import { findTaken } from './free-ports.js';

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use: stop the process that listens there, or configure another port',
  EACCES: 'this user may not listen there: configure a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address: configure one of its own, or 0.0.0.0 for all of them',
  ENOTFOUND: 'no such host is known here: configure an address of this machine',
};

/** An address that this process cannot listen on. The message ends with the remedy. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  /**
   * @param purpose what was to listen there, e.g. "clients"
   * @param address `host:port`
   * @param cause what the system said
   */
  constructor(purpose: string, address: string, cause: NodeJS.ErrnoException) {
    const remedy = REMEDIES[cause.code ?? ''] ?? cause.message;
    super(`cannot listen on ${address} for ${purpose}: ${remedy}`, { cause });
  }
}

/**
 * Runs what listens on an address.
 *
 * @throws AddressRefused in place of any error of the system; others as they come
 */
export async function listening<T>(purpose: string, address: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    throw isSystemError(error) ? new AddressRefused(purpose, address, error) : error;
  }
}

/**
 * Tries whether everything that replicas listen on can be had now.
 *
 * @throws AddressRefused for the first that cannot
 */
export async function tryAddresses(listens: readonly ReplicaConfig['listen'][]): Promise<void> {
  const wanted = listens.flatMap(({ client, peer, admin }) => [
    { purpose: 'clients', address: client },
    { purpose: 'the other replicas', address: peer },
    ...(admin === undefined ? [] : [{ purpose: 'admin HTTP', address: admin }]),
  ]);
  const taken = await findTaken(wanted.map((each) => ({ ...each, ...parseAddress(each.address) })));
  if (taken !== undefined) throw new AddressRefused(taken.address.purpose, taken.address.address, taken.cause);
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;
