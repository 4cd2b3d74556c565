import type { AcquireRequest, AcquireResponse, Failure, PipeCall, PipeReply } from '../wire/types.js';
import type { UnaryCalls } from '../wire/calls.js';
import { ChubbyError } from './chubby-error.js';
import type { Numbered } from './request-window.js';

/** The calls that go through a Pipe. */
export type PipeCallName = NonNullable<PipeCall['call']>;
export type RequestOf<Name extends PipeCallName> = UnaryCalls[Name]['request'];
export type ResponseOf<Name extends PipeCallName> = UnaryCalls[Name]['response'];

/** Calls that change nothing: giving one up leaves nothing unknown. */
const READS: ReadonlySet<PipeCallName> = new Set([
  'getContentsAndStat',
  'getStat',
  'readDir',
  'getSequencer',
  'checkSequencer',
]);

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
}

/** Whether the caller, if it gives up now, cannot know if the call was executed. */
export const isUnknown = (call: OpenCall): boolean => (call.underWay || call.tainted) && !READS.has(call.name);

/** A call through a session's Pipe and the promise of its answer. */
export class PendingCall<Name extends PipeCallName, Result> implements OpenCall {
  number = 0;
  settled = false;
  underWay = false;
  tainted = false;
  refusal: Failure | undefined;
  onSettled: (() => void) | undefined;

  /** @param convert makes of the response what the caller is given */
  constructor(
    readonly name: Name,
    protected readonly request: RequestOf<Name>,
    readonly terms: CallTerms,
    private readonly convert: (response: ResponseOf<Name>) => Result,
    private readonly resolve: (result: Result) => void,
    private readonly reject: (error: ChubbyError) => void,
  ) {}

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
      result = this.convert(response);
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
}

/** An Acquire that waits for its lock for a limited time: repeated, it waits for what is left of it. */
export class LimitedAcquire<Result> extends PendingCall<'acquire', Result> {
  /** @param waitUntilMs by the monotonic clock */
  constructor(
    private readonly waitUntilMs: number,
    request: AcquireRequest,
    terms: CallTerms,
    convert: (response: AcquireResponse) => Result,
    resolve: (result: Result) => void,
    reject: (error: ChubbyError) => void,
  ) {
    super('acquire', request, terms, convert, resolve, reject);
  }

  override toMessage(nowMs: number): PipeCall {
    const acquire = { ...this.request, waitMs: Math.max(1, Math.ceil(this.waitUntilMs - nowMs)) };
    return { number: this.number, timeLimitMs: 0, call: 'acquire', acquire };
  }
}
