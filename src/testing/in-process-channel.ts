import { channelFailure } from '../client/channel-failure.js';
import type {
  Channel,
  KeepAliveConnection,
  KeepAliveHandlers,
  Outcome,
  PipeConnection,
  PipeHandlers,
  UnaryName,
} from '../client/channel.js';
import { isAdminName } from '../service/call.js';
import type { AdminCall, Call, Caller, Envelope, HeldKeepAlive, Reply } from '../service/call.js';
import type { UnaryCalls } from '../wire/calls.js';
import { refusal } from '../wire/errors.js';
import type { BackupResponse, Failure, PipeCall, PipeReply, RequestContext, SessionCredential } from '../wire/types.js';
import { Connection } from './connection.js';
import { copyMessage } from './copy-message.js';
import type { Line } from './line.js';
import { locationAt, serviceAt, statusAt } from './replica-answers.js';
import type { ReplicaLife, TestReplica } from './test-replica.js';

/** The client's way to one replica of its own process. What it carries is copied, as bytes would be. */
export class InProcessChannel implements Channel {
  readonly #open = new Set<Connection>();

  /** @param replica absent where nobody has the address */
  constructor(
    readonly address: string,
    private readonly replica: TestReplica | undefined,
    private readonly line: Line,
    private readonly caller: Caller,
  ) {}

  call<Name extends UnaryName>(
    name: Name,
    request: UnaryCalls[Name]['request'],
    timeLimitMs: number,
  ): Promise<Outcome<UnaryCalls[Name]['response']>> {
    const sent = copyMessage(request);
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<object>): void => {
        timer.cancel();
        this.#forget(connection);
        resolve(outcome as Outcome<UnaryCalls[Name]['response']>);
      };
      const late = channelFailure('UNREACHABLE', `no answer from ${this.address} in time`);
      const timer = this.line.clock.after(timeLimitMs, () => settle({ failure: late }));
      const connection: Connection = this.#connect((failure) => settle({ failure }));
      connection.toReplica((life) => {
        this.#serve(life, name, sent, timeLimitMs, (reply) => {
          const answer = copyMessage(reply);
          connection.toClient(() => settle(answer));
        });
      });
    });
  }

  async *backup(): AsyncGenerator<Outcome<BackupResponse>, void> {
    yield {
      failure: refusal('UNKNOWN_METHOD', 'a cell within a process has nothing that outlives it to restore into'),
    };
  }

  openPipe(session: SessionCredential, handlers: PipeHandlers): PipeConnection {
    const connection = this.#connect((failure) => handlers.closed(failure));
    const credential = copyMessage(session);
    return {
      queuedBytes: 0,
      send: (calls, acknowledged) => {
        const sent = calls.map(copyMessage);
        connection.toReplica((life) => {
          for (const call of sent) {
            serviceAt(life).call(
              this.caller,
              callOf(call, { credential, number: call.number, acknowledged, timeLimitMs: call.timeLimitMs }),
              (reply) => {
                const answer = pipeReply(call, copyMessage(reply));
                connection.toClient(() => handlers.replies([answer]));
              },
            );
          }
        });
      },
      close: () => this.#forget(connection),
    };
  }

  openKeepAlive(handlers: KeepAliveHandlers): KeepAliveConnection {
    const connection = this.#connect((failure) => handlers.closed(failure));
    const held = new Set<HeldKeepAlive>();
    connection.onClientGone(() => {
      for (const keepAlive of held) keepAlive.withdraw();
    });
    return {
      send: (request) => {
        const sent = copyMessage(request);
        connection.toReplica((life) => {
          const holding: { answered: boolean; keepAlive?: HeldKeepAlive } = { answered: false };
          holding.keepAlive = serviceAt(life).keepAlive(this.caller, sent, (reply) => {
            holding.answered = true;
            if (holding.keepAlive !== undefined) held.delete(holding.keepAlive);
            if ('failure' in reply) return connection.refuse(copyMessage(reply.failure));
            const answer = copyMessage(reply.response);
            connection.toClient(() => handlers.answered(answer));
          });
          // The answer may have come already.
          if (!holding.answered) held.add(holding.keepAlive);
        });
      },
      close: () => this.#forget(connection),
    };
  }

  close(): void {
    for (const connection of this.#open) connection.lost('the channel was closed');
  }

  #connect(closed: (failure: Failure) => void): Connection {
    const connection: Connection = new Connection(this.line, this.address, this.replica, (failure) => {
      this.#open.delete(connection);
      closed(failure);
    });
    this.#open.add(connection);
    return connection;
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    connection.close();
  }

  #serve<Name extends UnaryName>(
    life: ReplicaLife,
    name: Name,
    request: UnaryCalls[Name]['request'],
    timeLimitMs: number,
    answer: (reply: Reply<object>) => void,
  ): void {
    if (name === 'getMaster') return answer({ response: locationAt(life, this.replica!) });
    if (name === 'getStatus') return answer({ response: statusAt(life, this.replica!) });
    // A replica in memory has nothing that outlives it.
    if (name === 'listHistory') return answer({ response: { entries: [] } });
    if (isAdminName(name)) return serviceAt(life).admin(this.caller, { name, request } as AdminCall, answer);
    const call: object = { name, request, ...envelopeOf(request as Bringing, timeLimitMs) };
    serviceAt(life).call(this.caller, call as Call, answer);
  }
}

/** A request that stands alone brings its session in its context, or in a field of its own where nothing is numbered. */
interface Bringing {
  readonly context?: RequestContext | null;
  readonly session?: SessionCredential | null;
}

function envelopeOf({ context, session }: Bringing, timeLimitMs: number): Envelope {
  return {
    credential: context?.session ?? session ?? undefined,
    number: context?.number ?? 0,
    acknowledged: context?.acknowledged ?? 0,
    timeLimitMs,
  };
}

function callOf(call: PipeCall, envelope: Envelope): Call {
  const made: object = { name: call.call, request: call[call.call!], ...envelope };
  return made as Call;
}

const pipeReply = ({ number, call }: PipeCall, reply: Reply): PipeReply =>
  'failure' in reply
    ? { number, failure: reply.failure, reply: 'failure' }
    : { number, [call!]: reply.response, reply: call! };
