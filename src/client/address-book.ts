import { below } from '../common/rng.js';
import type { Rng } from '../common/rng.js';
import { joinAddress } from './cell-address.js';
import type { CellAddress } from './cell-address.js';
import { CLIENT_LIMITS } from './client-limits.js';
import type { Resolver } from './resolver.js';

/** The addresses at which replicas of the cell may answer: what the user said, and what replicas said of each other. */
export class AddressBook {
  #named: readonly string[];
  #learned: readonly string[] = [];
  #lookUpFailure: string | undefined;
  #lookingUp = false;

  constructor(
    private readonly cell: CellAddress,
    private readonly resolver: Resolver,
    private readonly rng: Rng,
  ) {
    this.#named = cell.kind === 'list' ? cell.addresses : [];
  }

  /** Why a name could not be looked up, when the last attempt failed. */
  get lookUpFailure(): string | undefined {
    return this.#lookUpFailure;
  }

  get addresses(): string[] {
    return [...new Set([...this.#named, ...this.#learned])].slice(0, CLIENT_LIMITS.addresses);
  }

  /** All addresses in an order of their own for each client, so that many clients do not ask the same replica first. */
  shuffled(): string[] {
    const addresses = this.addresses;
    for (let i = addresses.length - 1; i > 0; i--) {
      const j = below(this.rng, i + 1);
      [addresses[i], addresses[j]] = [addresses[j]!, addresses[i]!];
    }
    return addresses;
  }

  /** A replica said where all replicas are. */
  learn(addresses: readonly string[]): void {
    if (addresses.length > 0) this.#learned = addresses;
  }

  /** Looks the cell's name up again, where it was given by name: its replicas may have moved. */
  async lookUp(): Promise<void> {
    if (this.cell.kind === 'list' || this.#lookingUp) return;
    const { name, port } = this.cell;
    this.#lookingUp = true;
    try {
      const hosts = await this.resolver.addressesOf(name);
      this.#named = hosts.map((host) => joinAddress(host, port));
      this.#lookUpFailure = hosts.length > 0 ? undefined : `${name} has no address`;
    } catch (error) {
      // Names fail for a while when networks do; whoever searches looks up again, and reports this if it stays so.
      this.#lookUpFailure = `${name}: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      this.#lookingUp = false;
    }
  }
}
