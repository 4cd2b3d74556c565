import { ChubbyError } from '../chubby-error.js';
import type { Client } from '../client.js';
import type { CallOptions } from '../options.js';
import { follow } from './follow.js';
import type { FollowOptions } from './follow.js';
import { Registration } from './registration.js';

/** Who is registered: values by instance, in the byte order of the instances. */
export type Instances = ReadonlyMap<string, Buffer>;

export interface DirectorySighting {
  readonly instances: Instances;
  /** The cell has not confirmed it for as long as this client may believe it: some may have come or gone unseen. */
  readonly stale: boolean;
}

/**
 * The instances of a service and what each says of itself. An instance is an ephemeral file: it goes with its session.
 *
 * ```ts
 * const service = new ServiceDirectory(client, '/ls/local/search');
 * const registration = await service.register('host-7', 'host-7:1234');
 * for await (const { instances } of service.follow()) balance([...instances.values()].map(String));
 * await registration.close();
 * ```
 */
export class ServiceDirectory {
  /** @param name of the service's directory, created where there is none */
  constructor(
    private readonly client: Client,
    readonly name: string,
  ) {}

  /**
   * Registers an instance until the registration is closed: again whenever the session expired or the file was deleted.
   * While somebody else is registered under the name, also a session of an earlier life of this program, it waits. Where
   * the cell refuses it for good later on, the registration's `signal` fires.
   *
   * @param instance one component of a name, unique to the instance
   * @param value at most 262,144 bytes
   * @param options `signal` gives up waiting for the first registration, and has no part in what follows
   * @returns once it is registered for the first time
   * @throws ChubbyError
   */
  async register(instance: string, value: Uint8Array | string, { signal }: FollowOptions = {}): Promise<Registration> {
    if (instance === '' || instance.includes('/')) {
      throw new ChubbyError('BAD_ARGUMENT', `an instance is named by one component of a name, not by "${instance}"`);
    }
    await this.client.mkdir(this.name, { mayExist: true, signal });
    const registration = new Registration(this.client, `${this.name}/${instance}`, value);
    const giveUp = (): void => void registration.close();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await registration.first;
      return registration;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Who is registered now. @throws ChubbyError */
  async list({ signal }: FollowOptions = {}): Promise<Instances> {
    const patiently = { timeoutMs: Infinity, signal };
    try {
      const entries = await this.client.list(this.name, patiently);
      const values = await Promise.all(entries.map(({ name }) => this.#valueOf(name, patiently)));
      return new Map(
        entries.flatMap(({ name }, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
      );
    } catch (error) {
      if (isAbsent(error)) return new Map();
      throw error;
    }
  }

  /**
   * Who is registered, now and whenever that changes: through fail-overs, and in a new session when this client's
   * expired. It ends by an error only, CANCELLED by the signal.
   */
  async *follow(options: FollowOptions = {}): AsyncGenerator<DirectorySighting, never> {
    const sightings = follow(this.client, this.name, (signal) => this.list({ signal }), sameInstances, options);
    for await (const { value: instances, stale } of sightings) yield { instances, stale };
    throw new ChubbyError('CLIENT_CLOSED', 'the client is closed');
  }

  /** Nothing when the instance has gone meanwhile. */
  async #valueOf(instance: string, options: CallOptions): Promise<Buffer | undefined> {
    try {
      return (await this.client.read(`${this.name}/${instance}`, options)).contents;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}

const isAbsent = (error: unknown): boolean => error instanceof ChubbyError && error.reason === 'NOT_FOUND';

function sameInstances(a: Instances, b: Instances): boolean {
  if (a.size !== b.size) return false;
  for (const [instance, value] of a) if (b.get(instance)?.equals(value) !== true) return false;
  return true;
}
