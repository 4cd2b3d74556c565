import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CellClient } from '../../../src/cli/context.js';
import { run } from '../../../src/cli/run.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import { ChubbyError } from '../../../src/client/index.js';
import type {
  AclNames,
  CellReport,
  CellStatus,
  ClientOptions,
  FileWriteOptions,
  HeldLock,
  HistoryEntry,
  Stat,
  StatusOptions,
  WatchItem,
  WatchOptions,
  WithLockOptions,
} from '../../../src/client/index.js';
import { FakeAdmin } from './fake-admin.js';

class Sink extends Writable {
  readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

interface Node {
  readonly contents: Buffer | undefined;
  readonly generation: number;
}

/** A cell of files and directories in memory, as commands see it. */
export class FakeClient implements CellClient {
  readonly nodes = new Map<string, Node>([['/ls/local', { contents: undefined, generation: 0 }]]);
  /** Calls in flight, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;
  closed = false;
  options: ClientOptions = {};
  /** What a write of this path is refused with. */
  readonly refusals = new Map<string, ChubbyError>();
  statusOptions: StatusOptions | undefined;
  cellStatus: CellStatus = { cell: null, cellId: null, epoch: null, master: null, replicas: [], lookUpFailure: null };
  cellReport: CellReport = { ...this.cellStatus, replicas: [] };
  lock: HeldLock | ChubbyError | undefined;
  lockOptions: WithLockOptions | undefined;
  readonly admin = new FakeAdmin();
  readonly acls = new Map<string, { readonly acl: AclNames; readonly generation: number }>();
  readonly sessionEvents = new EventEmitter();
  /** What a watch tells, and what happens in between. */
  watched: readonly (WatchItem | (() => void))[] = [];
  /** Called when it has told everything. */
  allWatched: () => void = () => undefined;
  /** What the lock is waited for. */
  lockIsFree: Promise<void> = Promise.resolve();

  async read(name: string): ReturnType<CellClient['read']> {
    await this.#turn();
    const { contents } = this.#node(name);
    if (contents === undefined) throw new ChubbyError('IS_A_DIRECTORY', `${name} is a directory`);
    return { contents, stat: this.#stat(name) };
  }

  async write(name: string, contents: Uint8Array | string, options: FileWriteOptions = {}): Promise<Stat> {
    await this.#turn();
    const refusal = this.refusals.get(name);
    if (refusal !== undefined) throw refusal;
    this.#node(name.slice(0, name.lastIndexOf('/')));
    const { ifContentGeneration, create = (ifContentGeneration ?? 0) === 0 } = options;
    if (!create) this.#node(name);
    const found = this.nodes.get(name)?.generation ?? 0;
    if (ifContentGeneration !== undefined && ifContentGeneration !== found) {
      throw new ChubbyError('STALE_GENERATION', `${name} is at content generation ${found}`);
    }
    const generation = found + 1;
    this.nodes.set(name, { contents: Buffer.from(contents as string), generation });
    return this.#stat(name);
  }

  async stat(name: string): Promise<Stat> {
    await this.#turn();
    return this.#stat(name);
  }

  async list(name: string): ReturnType<CellClient['list']> {
    await this.#turn();
    this.#node(name);
    const children = [...this.nodes.keys()].filter((path) => path.slice(0, path.lastIndexOf('/')) === name);
    return children.sort().map((path) => ({ name: path.slice(name.length + 1), stat: this.#stat(path) }));
  }

  async mkdir(name: string, options: { readonly mayExist?: boolean } = {}): Promise<Stat> {
    await this.#turn();
    this.#node(name.slice(0, name.lastIndexOf('/')));
    const there = this.nodes.get(name);
    if (there?.contents !== undefined) throw new ChubbyError('NOT_A_DIRECTORY', `${name} is a file`);
    if (there !== undefined && options.mayExist !== true) throw new ChubbyError('ALREADY_EXISTS', `${name} is there`);
    this.nodes.set(name, { contents: undefined, generation: 0 });
    return this.#stat(name);
  }

  open(name: string): ReturnType<CellClient['open']> {
    return Promise.reject(new Error(`${name}: a test that needs handles needs a TestCell`));
  }

  async delete(name: string): Promise<void> {
    await this.#turn();
    this.#node(name);
    if ([...this.nodes.keys()].some((path) => path.startsWith(`${name}/`))) {
      throw new ChubbyError('NOT_EMPTY', `${name} has children`);
    }
    this.nodes.delete(name);
  }

  async setAcl(name: string, acl: AclNames, options: { readonly ifAclGeneration?: number } = {}): Promise<Stat> {
    await this.#turn();
    const { aclGeneration } = this.#stat(name);
    if (options.ifAclGeneration !== aclGeneration) {
      throw new ChubbyError('STALE_GENERATION', `${name} is at ACL generation ${aclGeneration}`);
    }
    this.acls.set(name, { acl, generation: aclGeneration + 1 });
    return this.#stat(name);
  }

  readonly multiOp = (() =>
    Promise.reject(new Error('a test that needs multiOp needs a TestCell'))) as CellClient['multiOp'];

  on(event: string, listener: () => void): () => void {
    this.sessionEvents.on(event, listener);
    return () => this.sessionEvents.off(event, listener);
  }

  async *watch(_name: string, options: WatchOptions = {}): AsyncGenerator<WatchItem, never> {
    for (const item of this.watched) {
      await this.#turn();
      if (typeof item === 'function') item();
      else yield item;
    }
    await new Promise<void>((resolve) => {
      this.allWatched();
      options.signal?.addEventListener('abort', () => resolve(), { once: true });
      if (options.signal?.aborted === true) resolve();
    });
    throw new ChubbyError('CANCELLED', 'the watch was ended');
  }

  signingKeys(): ReturnType<CellClient['signingKeys']> {
    return this.admin.signingKeys();
  }

  async withLock<Result>(
    _name: string,
    work: (lock: HeldLock) => Promise<Result> | Result,
    options: WithLockOptions = {},
  ): Promise<Result> {
    this.lockOptions = options;
    await this.lockIsFree;
    if (this.lock === undefined || this.lock instanceof ChubbyError) throw this.lock ?? new Error('no lock');
    const result = await work(this.lock);
    this.lock.assertHeld();
    return result;
  }

  status(options: StatusOptions = {}): Promise<CellStatus> {
    this.statusOptions = options;
    return Promise.resolve(this.cellStatus);
  }

  cellHistory: HistoryEntry[] = [];

  history(): Promise<HistoryEntry[]> {
    return Promise.resolve(this.cellHistory);
  }

  report(options: StatusOptions = {}): Promise<CellReport> {
    this.statusOptions = options;
    return Promise.resolve(this.cellReport);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  #node(name: string): Node {
    const node = this.nodes.get(name);
    if (node === undefined) throw new ChubbyError('NOT_FOUND', `there is no ${name}`);
    return node;
  }

  #stat(name: string): Stat {
    const { contents, generation } = this.#node(name);
    return {
      kind: contents === undefined ? 'directory' : 'file',
      ephemeral: false,
      instanceNumber: 4,
      contentGeneration: generation,
      lockGeneration: 0,
      aclGeneration: this.acls.get(name)?.generation ?? 1,
      contentChecksum: contents === undefined ? '' : '00112233aabbccdd',
      revision: 17,
      lengthBytes: contents?.length ?? 0,
      childCount: 0,
      acl: this.acls.get(name)?.acl ?? { read: '', write: '', changeAcl: '' },
    };
  }

  async #turn(): Promise<void> {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    this.inFlight--;
  }
}

/** A client of a cell with these files. */
export function clientWith(files: Record<string, string | Buffer>): FakeClient {
  const client = new FakeClient();
  for (const [path, contents] of Object.entries(files)) {
    client.nodes.set(path, { contents: Buffer.from(contents as string), generation: 3 });
  }
  return client;
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of stdout. */
  readonly bytes: Buffer;
}

export interface Surroundings {
  readonly client?: CellClient;
  readonly stdin?: string | Buffer;
  /** Instead of one that takes everything. */
  readonly stdout?: Writable;
  readonly onTerminal?: boolean;
  readonly env?: Record<string, string>;
}

/** Runs a command line as `chubby` would. */
export async function chubby(
  args: readonly string[],
  { client = new FakeClient(), stdin = '', onTerminal = false, env = {}, ...given }: Surroundings = {},
): Promise<Ran> {
  const stdout = new Sink();
  const stderr = new Sink();
  const terminal: Terminal = {
    stdin: Readable.from([Buffer.from(stdin as string)]),
    stdout: given.stdout ?? stdout,
    stderr,
    stdinIsTerminal: false,
    stdoutIsTerminal: onTerminal,
    stderrIsTerminal: false,
    columns: 100,
    env,
  };
  const exitCode = await run(args, terminal, (options) => {
    if (client instanceof FakeClient) client.options = options;
    return client;
  });
  return { exitCode, stdout: stdout.bytes.toString(), stderr: stderr.bytes.toString(), bytes: stdout.bytes };
}
