import { assert } from '../common/assert.js';
import { ByteReader, ByteWriter, MalformedBytes, toHex } from '../common/bytes.js';
import type { Key } from './key.js';
import type { MultiOp, Operation, Test } from './multi-op.js';

/** On whose behalf and by which call an operation came about: for audit and for people, never for decisions. */
export interface Provenance {
  /** 16 hex digits, or '' for what the master does of itself. */
  readonly sessionId: string;
  /** Who the caller was verified to be, '' for nobody. */
  readonly principal: string;
  /** The call's number, to which the caller of the database gives its meaning. */
  readonly call: number;
}

/** One MultiOp of a batch. */
export interface BatchEntry {
  readonly provenance: Provenance;
  readonly multiOp: MultiOp;
}

/** The body of an `operations` value. */
export interface Batch {
  /** The master's wall clock when it closed the batch, in milliseconds since 1970; for display only. */
  readonly wallMs: number;
  readonly entries: readonly BatchEntry[];
}

// A body is the format's version, the entries, END and the time. An entry begins with its flags; then come, unless it
// is of the same origin as the entry before it, session and principal; then the call, guard and fOps where there are
// any, and tOps. END is there so that a body cut short is not taken for a shorter one.
const FORMAT_VERSION = 1;
const SAME_ORIGIN = 1;
const HAS_SESSION = 2;
const CONDITIONAL = 4;
const KNOWN_FLAGS = SAME_ORIGIN | HAS_SESSION | CONDITIONAL;
const END = 0xff;
/** END and the time. */
const TRAILER_BYTES = 9;

const SESSION_ID_BYTES = 8;

const TESTS = ['absent', 'present', 'equals'] as const satisfies readonly Test['test'][];
const OPERATIONS = ['insert', 'delete', 'lookup'] as const satisfies readonly Operation['op'][];

/** Writes the bodies of `operations` values one after the other, each MultiOp as it arrives, once. (DESIGN 3.3, 9) */
export class BatchWriter {
  readonly #out = new ByteWriter(4096);
  #count = 0;
  #sessionId = '';
  #principal = '';

  constructor() {
    this.#out.u8(FORMAT_VERSION);
  }

  /** MultiOps in the batch. */
  get count(): number {
    return this.#count;
  }

  /** What {@link take} would return now, in bytes. */
  get sizeBytes(): number {
    return this.#out.length + TRAILER_BYTES;
  }

  /** Copies the MultiOp into the batch. */
  add(provenance: Provenance, multiOp: MultiOp): void {
    const { sessionId, principal } = provenance;
    const sameOrigin = this.#count > 0 && sessionId === this.#sessionId && principal === this.#principal;
    const conditional = multiOp.guard.length > 0 || multiOp.fOps.length > 0;
    this.#out.u8((sameOrigin ? SAME_ORIGIN : sessionId === '' ? 0 : HAS_SESSION) | (conditional ? CONDITIONAL : 0));
    if (!sameOrigin) this.#writeOrigin(sessionId, principal);
    this.#out.uint(provenance.call);
    if (conditional) {
      writeTests(this.#out, multiOp.guard);
      writeOperations(this.#out, multiOp.fOps);
    }
    writeOperations(this.#out, multiOp.tOps);
    this.#count++;
  }

  /** Closes the batch and returns its body; the next MultiOp begins another one. */
  take(wallMs: number): Uint8Array {
    const body = this.#out.u8(END).f64(wallMs).take();
    this.#out.reset().u8(FORMAT_VERSION);
    this.#count = 0;
    return body;
  }

  #writeOrigin(sessionId: string, principal: string): void {
    if (sessionId !== '') {
      const id = Buffer.from(sessionId, 'hex');
      assert(id.length === SESSION_ID_BYTES, () => `a session id is 16 hex digits, not ${sessionId}`);
      this.#out.raw(id);
    }
    this.#out.text(principal);
    this.#sessionId = sessionId;
    this.#principal = principal;
  }
}

/**
 * Takes a body apart. The byte strings are views into it: who keeps one makes a copy that owns its memory.
 *
 * @throws MalformedBytes for bytes that are no whole batch of this format
 */
export function decodeBatch(body: Uint8Array): Batch {
  const from = new ByteReader(body);
  const version = from.u8();
  if (version !== FORMAT_VERSION) throw new MalformedBytes(`batch format ${version} is not known here`);
  const entries: BatchEntry[] = [];
  let sessionId = '';
  let principal = '';
  for (let flags = from.u8(); flags !== END; flags = from.u8()) {
    if ((flags & ~KNOWN_FLAGS) !== 0) throw new MalformedBytes(`flags ${flags} of an operation are not known here`);
    if ((flags & SAME_ORIGIN) === 0) {
      sessionId = (flags & HAS_SESSION) === 0 ? '' : toHex(from.raw(SESSION_ID_BYTES));
      principal = from.text();
    } else if (entries.length === 0) {
      throw new MalformedBytes('the first operation of a batch names no origin');
    }
    const call = from.uint();
    const conditional = (flags & CONDITIONAL) !== 0;
    const guard = conditional ? readTests(from) : NO_TESTS;
    const fOps = conditional ? readOperations(from) : NO_OPERATIONS;
    const tOps = readOperations(from);
    entries.push({ provenance: { sessionId, principal, call }, multiOp: { guard, tOps, fOps } });
  }
  const wallMs = from.f64();
  from.end();
  return { wallMs, entries };
}

const NO_TESTS: readonly Test[] = [];
const NO_OPERATIONS: readonly Operation[] = [];

function writeTests(out: ByteWriter, tests: readonly Test[]): void {
  out.uint(tests.length);
  for (const test of tests) {
    out.u8(TESTS.indexOf(test.test)).latin1(test.key);
    if (test.test === 'equals') out.bytes(test.value);
  }
}

function readTests(from: ByteReader): Test[] {
  const tests: Test[] = [];
  for (let count = from.uint(); count > 0; count--) {
    const test = TESTS[from.u8()];
    if (test === undefined) throw new MalformedBytes('unknown kind of test');
    const key = from.latin1() as Key;
    tests.push(test === 'equals' ? { test, key, value: from.bytes() } : { test, key });
  }
  return tests;
}

function writeOperations(out: ByteWriter, operations: readonly Operation[]): void {
  out.uint(operations.length);
  for (const operation of operations) {
    out.u8(OPERATIONS.indexOf(operation.op)).latin1(operation.key);
    if (operation.op === 'insert') out.bytes(operation.value);
  }
}

function readOperations(from: ByteReader): Operation[] {
  const operations: Operation[] = [];
  for (let count = from.uint(); count > 0; count--) {
    const op = OPERATIONS[from.u8()];
    if (op === undefined) throw new MalformedBytes('unknown kind of operation');
    const key = from.latin1() as Key;
    operations.push(op === 'insert' ? { op, key, value: from.bytes() } : { op, key });
  }
  return operations;
}
