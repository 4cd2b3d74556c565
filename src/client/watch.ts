import { CellNames } from './cache/cell-names.js';
import { ChubbyError } from './chubby-error.js';
import type { NodeEvent, NodeEventKind } from './events/node-event.js';
import { Handle } from './handle.js';
import type { HandleSurroundings } from './handle.js';
import type { OpenOptions } from './open-request.js';
import type { CallTerms } from './pending-call.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.js';

export interface WatchOptions {
  /** Events of children come from all nodes below the directory. */
  readonly recursive?: boolean;
  /** Events of the node's lock to tell of besides. */
  readonly events?: readonly NodeEventKind[];
  /** Ends the watch: the loop throws CANCELLED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read again what you watch: at the beginning, when the node came into being or went, when events were lost, and when
 * the session expired and the watch went on in another one. What changes after the reading is told.
 */
export interface Reread {
  readonly kind: 'reread';
  /** As the watch was asked for. */
  readonly name: string;
  /** Whether there was such a node. */
  readonly exists: boolean;
}

export type WatchItem = NodeEvent | Reread;

/** What a watch rests on. */
export interface WatchGround {
  readonly sessions: Sessions;
  around(session: Session): HandleSurroundings;
  /** Of a call that waits as long as it must. */
  patiently(signal: AbortSignal | undefined): CallTerms;
}

const OF_NODE: readonly NodeEventKind[] = [
  'contentsModified',
  'childAdded',
  'childRemoved',
  'childModified',
  'handleInvalid',
];

/** What tells that a node may have come into being below. */
const OF_DIRECTORY: readonly NodeEventKind[] = ['childAdded', 'handleInvalid'];

const NO_NODE: ReadonlySet<string> = new Set(['NOT_FOUND', 'NOT_A_DIRECTORY']);

const NO_SESSION: ReadonlySet<string> = new Set(['SESSION_EXPIRED', 'SESSION_IDLE', 'UNKNOWN_SESSION']);

/** Follows a name, whatever node has it: through fail-overs, deletions, re-creations and ends of sessions. */
export class Watch {
  /** What the reader was last told of the node's existence; nothing where he is to be told anew. */
  #told: boolean | undefined;

  constructor(
    private readonly ground: WatchGround,
    private readonly name: string,
    private readonly options: WatchOptions,
  ) {}

  /** Ends by an error only: the signal's, the client's end, or a refusal that waiting does not mend. */
  async *items(): AsyncGenerator<WatchItem, never> {
    for (;;) {
      try {
        yield* this.#followOnce();
      } catch (error) {
        if (!(error instanceof ChubbyError && NO_SESSION.has(error.reason))) throw error;
        this.#told = undefined;
      }
    }
  }

  async *#followOnce(): AsyncGenerator<WatchItem, void> {
    const { events = [], recursive = false } = this.options;
    const node = await this.#open(this.name, { events: [...OF_NODE, ...events], recursive });
    if (node === undefined) return yield* this.#untilThere();
    try {
      yield* this.#followNode(node);
    } finally {
      giveBack(node);
    }
  }

  async *#followNode(node: Handle): AsyncGenerator<WatchItem, void> {
    yield this.#reread(true);
    for await (const event of node.events(this.options)) {
      if (event.kind === 'eventsLost') yield this.#reread(true);
      // What has the name now, if anything, is about to be seen.
      else if (event.kind === 'handleInvalid') return;
      else yield event;
    }
  }

  /** Ends when there may be such a node, after it was told that there is none. */
  async *#untilThere(): AsyncGenerator<WatchItem, void> {
    const above = await this.#nearestAbove();
    if (above === undefined) return;
    const { directory, child } = above;
    try {
      if (this.#told !== false) yield this.#reread(false);
      for await (const event of directory.events(this.options)) {
        if (event.kind !== 'childAdded' || CellNames.keyOfOwn(event.name) === CellNames.keyOfOwn(child)) return;
      }
    } finally {
      giveBack(directory);
    }
  }

  /**
   * The lowest directory above the name that there is, and the name of the child in it that is missed.
   *
   * @returns nothing when that child came into being meanwhile
   */
  async #nearestAbove(): Promise<{ readonly directory: Handle; readonly child: string } | undefined> {
    const parts = this.name.replace(/\/$/, '').split('/');
    for (let depth = parts.length - 1; depth > CELL_DEPTH; depth--) {
      const directory = await this.#open(parts.slice(0, depth).join('/'), { events: OF_DIRECTORY });
      if (directory === undefined) continue;
      const child = parts.slice(0, depth + 1).join('/');
      const found = await this.#open(child, {}).catch((error: unknown) => {
        giveBack(directory);
        throw error;
      });
      if (found === undefined) return { directory, child };
      giveBack(found);
      giveBack(directory);
      return undefined;
    }
    throw new ChubbyError('NOT_FOUND', `there is no cell of the name ${this.name}`);
  }

  /** @returns nothing where there is no such node */
  async #open(name: string, options: OpenOptions): Promise<Handle | undefined> {
    const { sessions, around, patiently } = this.ground;
    const { signal } = this.options;
    const session = await sessions.needToRead(patiently(signal));
    try {
      return await Handle.open(around(session), name, { ...options, signal, timeoutMs: Infinity });
    } catch (error) {
      if (error instanceof ChubbyError && NO_NODE.has(error.reason)) return undefined;
      throw error;
    }
  }

  #reread(exists: boolean): Reread {
    this.#told = exists;
    return { kind: 'reread', name: this.name, exists };
  }
}

/** Components of `/ls/<cell>`, with the empty one before the first slash. */
const CELL_DEPTH = 2;

/** Nobody waits for it; where the session is over it is given back already. */
function giveBack(handle: Handle): void {
  handle.close({ timeoutMs: Infinity }).catch((error: unknown) => {
    if (!(error instanceof ChubbyError)) throw error;
  });
}
