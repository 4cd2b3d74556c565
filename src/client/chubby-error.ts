import { METADATA } from '../wire/errors.js';
import type { Failure } from '../wire/types.js';
import { factsOf } from './client-reasons.js';
import type { ErrorReason } from './client-reasons.js';

/** What an error says besides its reason and its message. */
export interface ChubbyErrorDetails {
  /** Instead of the remedy that belongs to the reason. */
  readonly remedy?: string;
  readonly retryAfterMs?: number;
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** Why a call did not do what was asked. Match on {@link reason}, never on the text. */
export class ChubbyError extends Error {
  override readonly name = 'ChubbyError';
  /** A key of the cell's table of errors, or of the library's own. */
  readonly reason: ErrorReason;
  /** The status code of gRPC that belongs to the reason. */
  readonly code: number;
  /** One sentence: what to do about it. Empty for a reason of a newer cell that said nothing. */
  readonly remedy: string;
  /** How long to wait before trying again, where that is known. */
  readonly retryAfterMs: number | undefined;
  /**
   * Whether the call may have been executed all the same. False means that it was not and will not be: it may be made
   * again without harm.
   */
  readonly outcomeUnknown: boolean;

  constructor(reason: ErrorReason, message: string, details: ChubbyErrorDetails = {}, code?: number) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    const facts = factsOf(reason);
    this.reason = reason;
    this.code = code ?? facts?.grpc ?? 0;
    this.remedy = details.remedy ?? facts?.remedy ?? '';
    this.retryAfterMs = details.retryAfterMs;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
  }

  /**
   * The error that a refusal of the cell becomes.
   *
   * @param outcomeUnknown whether an earlier copy of the request may have been executed all the same
   *
   * @internal
   */
  static of(failure: Failure, outcomeUnknown = false): ChubbyError {
    const remedy = failure.metadata[METADATA.remedy];
    const retryAfterMs = retryAfterOf(failure);
    return new ChubbyError(
      failure.reason,
      failure.message,
      {
        outcomeUnknown,
        ...(remedy !== undefined && { remedy }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      },
      failure.code,
    );
  }
}

/**
 * What `call` resolves with. Its error was made where the answer came, or for many calls at once, and its stack says
 * nothing of the caller: who waits here is given one of his own.
 */
export async function located<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ChubbyError)) throw error;
    const { reason, message, remedy, retryAfterMs, outcomeUnknown, cause, code } = error;
    const details = { remedy, outcomeUnknown, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    throw new ChubbyError(reason, message, 'cause' in error ? { ...details, cause } : details, code);
  }
}

/** How long the cell asks to wait, in milliseconds; nothing when it does not say, or says nonsense. */
export function retryAfterOf(failure: Failure): number | undefined {
  const text = failure.metadata[METADATA.retryAfterMs];
  const waitMs = Number(text);
  return text !== undefined && Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : undefined;
}
