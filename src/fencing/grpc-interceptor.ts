import type { Fence } from './fence.js';
import { FencingError } from './fencing-error.js';

// Of @grpc/grpc-js only what is used, so that nothing of it is imported here.

interface ReceivedMetadata {
  get(key: string): readonly (string | Uint8Array)[];
}

interface Listener<Metadata> {
  onReceiveMetadata(metadata: Metadata, next: (metadata: Metadata) => void): void;
}

interface Responder<Metadata> {
  start(next: (listener?: Listener<Metadata>) => void): void;
}

interface EndingCall {
  sendStatus(status: { readonly code: number; readonly details: string }): void;
}

/** `ServerInterceptingCall` of @grpc/grpc-js. */
export type InterceptingCallClass<Call, Metadata, Intercepting> = new (
  call: Call,
  responder: Responder<Metadata>,
) => Intercepting;

/** Where the sequencer stands in the metadata of a call, as bytes. */
export const SEQUENCER_METADATA = 'chubby-sequencer-bin';

const FAILED_PRECONDITION = 9;
const INTERNAL = 13;

/**
 * A server interceptor of @grpc/grpc-js: lets calls through whose metadata `chubby-sequencer-bin` the fence lets through,
 * and ends the others with FAILED_PRECONDITION and `REASON: message`. The test is over before the handler begins, with
 * what that means ({@link Fence.inspect}).
 *
 * `new Server({ interceptors: [fenceCalls(fence, ServerInterceptingCall)] })`
 *
 * @param InterceptingCall the class `ServerInterceptingCall` of the grpc-js in use
 */
export function fenceCalls<Call extends EndingCall, Metadata extends ReceivedMetadata, Intercepting>(
  fence: Fence,
  InterceptingCall: InterceptingCallClass<Call, Metadata, Intercepting>,
): (method: unknown, call: Call) => Intercepting {
  return (_method, call) =>
    new InterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, letThrough) => {
            verified(fence, metadata).then(
              () => letThrough(metadata),
              (error: unknown) => call.sendStatus(statusOf(error)),
            );
          },
        }),
    });
}

async function verified(fence: Fence, metadata: ReceivedMetadata): Promise<void> {
  const [sequencer, ...others] = metadata.get(SEQUENCER_METADATA);
  if (sequencer === undefined) throw new FencingError('MISSING', `the call has no metadata ${SEQUENCER_METADATA}`);
  if (others.length > 0 || typeof sequencer === 'string') {
    throw new FencingError('MALFORMED', `${SEQUENCER_METADATA} stands there twice, or is text`);
  }
  await fence.verify(sequencer);
}

const statusOf = (error: unknown) =>
  error instanceof FencingError
    ? { code: FAILED_PRECONDITION, details: `${error.reason}: ${error.message}` }
    : { code: INTERNAL, details: 'the fence could not be asked' };
