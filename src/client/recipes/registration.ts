import { ChubbyError } from '../chubby-error.js';
import type { Client } from '../client.js';
import { groundOf } from '../client-ground.js';
import { Handle } from '../handle.js';
import { remove } from './ephemeral.js';

/** The session is over; what was open in it has to be opened in another one. */
const SESSION_OVER: ReadonlySet<string> = new Set(['SESSION_EXPIRED', 'SESSION_IDLE', 'UNKNOWN_SESSION']);
/** The node went while it was looked at. */
const NODE_GONE: ReadonlySet<string> = new Set(['INSTANCE_GONE', 'HANDLE_CLOSED']);

/** An instance's place in a service directory, kept until it is closed. */
export class Registration implements AsyncDisposable {
  /** Settled when it is registered for the first time, or never can be. */
  readonly first: Promise<void>;
  readonly #client: Client;
  #value: Uint8Array | string;
  readonly #closing = new AbortController();
  readonly #ended = new AbortController();
  readonly #kept: Promise<void>;
  #handle: Handle | undefined;
  #registered!: () => void;
  #failed!: (error: unknown) => void;

  /** Made by ServiceDirectory.register. @param name of its file */
  constructor(
    client: Client,
    readonly name: string,
    value: Uint8Array | string,
  ) {
    this.#client = client;
    this.#value = value;
    this.first = new Promise((resolve, reject) => {
      this.#registered = resolve;
      this.#failed = reject;
    });
    this.first.catch(() => undefined);
    this.#kept = this.#keep();
  }

  /** Whether it stands now, as far as this client knows. */
  get stands(): boolean {
    return this.#handle !== undefined && groundOf(this.#client).sessions.reading?.state === 'safe';
  }

  /**
   * Fires when it is not kept any more: it was closed, or the cell refuses it for good, such as when the directory was
   * deleted or may not be written to. The reason is a {@link ChubbyError}.
   */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Says something else from now on.
   *
   * @throws ChubbyError; then it is said with the next registration at the latest, unless {@link signal} has fired
   */
  async update(value: Uint8Array | string): Promise<void> {
    this.signal.throwIfAborted();
    this.#value = value;
    await this.#handle?.setContents(value);
  }

  /** Takes the instance out of the directory. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#kept;
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Ends when it is closed, or the cell refuses for good. */
  async #keep(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#registerOnce();
      } catch (error) {
        if (error instanceof ChubbyError && (SESSION_OVER.has(error.reason) || NODE_GONE.has(error.reason))) continue;
        this.#end(error);
        if (error instanceof ChubbyError) return;
        throw error;
      }
    }
    // It was closed between two attempts; whoever waits for the first would wait for ever.
    this.#end(new ChubbyError('CANCELLED', `the registration ${this.name} was closed`));
  }

  #end(why: unknown): void {
    this.#failed(why);
    this.#ended.abort(why);
  }

  /** Ends when the registration does, or when it was found that another one stood in its way and is gone. */
  async #registerOnce(): Promise<void> {
    const { sessions, around, patiently } = groundOf(this.#client);
    const { signal } = this.#closing;
    const value = this.#value;
    const session = await sessions.needToRead(patiently(signal));
    const handle = await Handle.open(around(session), this.name, {
      write: true,
      create: 'may',
      ephemeral: true,
      initialContents: value,
      events: ['handleInvalid'],
      signal,
      timeoutMs: Infinity,
    });
    try {
      if (handle.created) {
        this.#handle = handle;
        if (this.#value !== value) await handle.setContents(this.#value, { signal, timeoutMs: Infinity });
        this.#registered();
      }
      for await (const { kind } of handle.events({ signal })) if (kind === 'handleInvalid') return;
    } finally {
      this.#handle = undefined;
      if (handle.created) await remove(handle);
      else await handle.close({ timeoutMs: Infinity }).catch(clientIsClosed);
    }
  }
}

function clientIsClosed(error: unknown): void {
  if (!(error instanceof ChubbyError)) throw error;
}
