import { CreateMode } from '../wire/types.js';
import type { Failure, PipeCall, PipeReply } from '../wire/types.js';
import type { UnaryCalls } from '../wire/calls.js';
import { ChubbyError } from './chubby-error.js';
import type { Numbered } from './request-window.js';

/** The calls that go through a Pipe. */
export type PipeCallName = NonNullable<PipeCall['call']>;
export type RequestOf<Name extends PipeCallName> = UnaryCalls[Name]['request'];
export type ResponseOf<Name extends PipeCallName> = UnaryCalls[Name]['response'];
export type Convert<Name extends PipeCallName, Result> = (response: ResponseOf<Name>, number: number) => Result;

/** Calls that change nothing: giving one up leaves nothing unknown. */
const READS: ReadonlySet<PipeCallName> = new Set([
  'getContentsAndStat',
  'getStat',
  'readDir',
  'getSequencer',
  'checkSequencer',
]);

/** Calls whose answer tells the caller that a lock is held. */
const SAY_HELD: ReadonlySet<PipeCallName> = new Set([
  'acquire',
  'tryAcquire',
  'acquireAll',
  'getSequencer',
  'checkSequencer',
]);

/** What a handle that is poisoned is still good for. */
const SURVIVE_POISON: ReadonlySet<PipeCallName> = new Set(['close', 'poison']);

/** Under what terms a call is made. */
export interface CallTerms {
  /** About what the request takes on the wire. */
  readonly sizeBytes: number;
  /** By the monotonic clock; Infinity for none. */
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a session's queue needs to know of a call, whatever its types. */
export interface OpenCall extends Numbered {
  readonly name: PipeCallName;
  readonly terms: CallTerms;
  /** It waits for a lock: the cell finds it by its number, acknowledged or not, and it can be withdrawn. */
  readonly waits: boolean;
  /** Its answer brings a handle, which somebody has to close. */
  readonly givesHandle: boolean;
  /** It may make the node that it opens. */
  readonly creates: boolean;
  /** Of a Close: it is seen through, whether or not its caller waits for that. */
  readonly handleToClose: Buffer | undefined;
  /** The caller has its answer. */
  settled: boolean;
  /** The cell has it, or may have it. */
  underWay: boolean;
  /** It was under way when its connection broke or its reign ended, so that it may have been executed. */
  tainted: boolean;
  /** The last refusal after which it was to be tried again. */
  refusal: Failure | undefined;
  /** Called once the caller has its answer. */
  onSettled: (() => void) | undefined;
  toMessage(nowMs: number): PipeCall;
  answer(reply: PipeReply): void;
  fail(error: ChubbyError): void;
  /** The cell will not do it. */
  refuse(failure: Failure): void;
  /** Whether it is made through the handle, and is to fail with it. */
  uses(handle: Buffer): boolean;
}

/** Whether its success tells the caller that a lock is held, so that it may be told only while the lease runs. */
export const saysHeld = ({ name }: OpenCall): boolean => SAY_HELD.has(name);

/** Whether the caller, if it gives up now, cannot know if the call was executed. */
export const isUnknown = (call: OpenCall): boolean => (call.underWay || call.tainted) && !READS.has(call.name);

/** Where in a request handles stand. */
interface HandlesOfRequest {
  readonly handle?: Buffer;
  readonly directory?: Buffer;
  readonly furtherHandles?: readonly Buffer[];
  readonly locks?: readonly { readonly handle: Buffer }[];
}

/** A call through a session's Pipe and the promise of its answer. */
export class PendingCall<Name extends PipeCallName, Result> implements OpenCall {
  readonly waits: boolean;
  readonly givesHandle: boolean;
  readonly creates: boolean;
  readonly handleToClose: Buffer | undefined;
  number = 0;
  settled = false;
  underWay = false;
  tainted = false;
  refusal: Failure | undefined;
  onSettled: (() => void) | undefined;

  /** @param convert makes of the response, and the request's number, what the caller is given */
  constructor(
    readonly name: Name,
    protected readonly request: RequestOf<Name>,
    readonly terms: CallTerms,
    private readonly convert: Convert<Name, Result>,
    private readonly resolve: (result: Result) => void,
    private readonly reject: (error: ChubbyError) => void,
  ) {
    this.givesHandle = name === 'open' || name === 'setSequencer';
    this.creates = name === 'open' && (request as RequestOf<'open'>).create !== CreateMode.CREATE_MODE_NEVER;
    this.handleToClose = name === 'close' ? (request as RequestOf<'close'>).handle : undefined;
    this.waits = name === 'acquire' || (name === 'acquireAll' && !(request as RequestOf<'acquireAll'>).atOnce);
  }

  toMessage(_nowMs: number): PipeCall {
    // A time limit would end nothing but an Acquire, and an Acquire has its own.
    return { number: this.number, timeLimitMs: 0, call: this.name, [this.name]: this.request };
  }

  answer(reply: PipeReply): void {
    if (this.settled) return;
    const response = reply[this.name] as ResponseOf<Name> | null | undefined;
    if (response === null || response === undefined) {
      return this.fail(new ChubbyError('PROTOCOL', `${this.name} was answered by ${reply.reply ?? 'nothing'}`));
    }
    let result: Result;
    try {
      result = this.convert(response, this.number);
    } catch (error) {
      if (!(error instanceof ChubbyError)) throw error;
      return this.fail(error);
    }
    this.settled = true;
    this.onSettled?.();
    this.resolve(result);
  }

  fail(error: ChubbyError): void {
    if (this.settled) return;
    this.settled = true;
    this.onSettled?.();
    this.reject(error);
  }

  refuse(failure: Failure): void {
    this.fail(ChubbyError.of(failure));
  }

  uses(handle: Buffer): boolean {
    if (SURVIVE_POISON.has(this.name)) return false;
    const { handle: own, directory, furtherHandles, locks } = this.request as HandlesOfRequest;
    if (own === handle || directory === handle) return true;
    return furtherHandles?.includes(handle) === true || locks?.some((lock) => lock.handle === handle) === true;
  }
}

type WaitName = 'acquire' | 'acquireAll';

/** A call that waits for its locks for a limited time: repeated, it waits for what is left of it. */
export class LimitedWait<Name extends WaitName, Result> extends PendingCall<Name, Result> {
  /** @param waitUntilMs by the monotonic clock */
  constructor(
    private readonly waitUntilMs: number,
    name: Name,
    request: RequestOf<Name>,
    terms: CallTerms,
    convert: Convert<Name, Result>,
    resolve: (result: Result) => void,
    reject: (error: ChubbyError) => void,
  ) {
    super(name, request, terms, convert, resolve, reject);
  }

  override toMessage(nowMs: number): PipeCall {
    const waitMs = Math.max(1, Math.ceil(this.waitUntilMs - nowMs));
    return { number: this.number, timeLimitMs: 0, call: this.name, [this.name]: { ...this.request, waitMs } };
  }
}
