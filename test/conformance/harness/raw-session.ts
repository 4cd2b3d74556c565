import type { CallTypes } from '../../../src/wire/calls.js';
import type { Channel, Outcome } from '../../../src/client/channel.js';
import type { KeepAliveConnection } from '../../../src/client/channel.js';
import type { Event, Failure, KeepAliveResponse, OpenRequest, SessionCredential } from '../../../src/wire/types.js';
import { CreateMode, NodeKind } from '../../../src/wire/types.js';

type Name = Exclude<keyof CallTypes, 'createSession' | 'closeSession' | 'cancel' | 'checkSequencer'>;
type Wanted<Call extends Name> = Omit<CallTypes[Call]['request'], 'context'>;
export type Answer<Call extends keyof CallTypes> = CallTypes[Call]['response'];

const TIME_LIMIT_MS = 20_000;

/** What a raw session may say beside its request. */
export interface Numbering {
  /** The next one unless given. */
  readonly number?: number;
  readonly acknowledged?: number;
}

/**
 * A session by hand, as a client in another language, or a careless or hostile one, might have it: nothing is repeated,
 * nobody keeps it alive, and what it sends is what it is told to.
 */
export class RawSession {
  #lastNumber: number;

  /**
   * @param leaseMs that was granted
   * @param lastNumber of the requests that the session has made before
   */
  constructor(
    readonly channel: Channel,
    readonly credential: SessionCredential,
    readonly leaseMs: number,
    lastNumber = 0,
  ) {
    this.#lastNumber = lastNumber;
  }

  get id(): string {
    return this.credential.id.toString('hex');
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** The answer, or the refusal. */
  try<Call extends Name>(
    name: Call,
    request: Wanted<Call>,
    { number = ++this.#lastNumber, acknowledged = 0 }: Numbering = {},
  ): Promise<Outcome<Answer<Call>>> {
    const whole = { ...request, context: { session: this.credential, number, acknowledged } };
    return this.channel.call<Name>(name, whole as CallTypes[Name]['request'], TIME_LIMIT_MS) as Promise<
      Outcome<Answer<Call>>
    >;
  }

  /** The answer. @throws Error when it is refused */
  async call<Call extends Name>(name: Call, request: Wanted<Call>, numbering?: Numbering): Promise<Answer<Call>> {
    return answerOf(await this.try(name, request, numbering));
  }

  /** Why it is refused. @throws Error when it is not */
  async refusal<Call extends Name>(name: Call, request: Wanted<Call>, numbering?: Numbering): Promise<Failure> {
    const outcome = await this.try(name, request, numbering);
    if ('failure' in outcome) return outcome.failure;
    throw new Error(`${name} was not refused: ${JSON.stringify(outcome.response)}`);
  }

  /** Opens a node; it is created as a file where there is none. @returns the handle's bytes */
  async open(name: string, wanted: Partial<OpenRequest> = {}, numbering?: Numbering): Promise<Buffer> {
    return (await this.call('open', openRequest(name, wanted), numbering)).handle;
  }

  /** The session's KeepAlives, over a stream of their own. */
  keepAlives(): RawKeepAlives {
    return new RawKeepAlives(this.channel, this.credential);
  }

  /** Cancels a waiting Acquire. @returns as the cell answers */
  async cancel(requestNumber: number): Promise<boolean> {
    const request = { session: this.credential, requestNumber };
    return answerOf(await this.channel.call('cancel', request, TIME_LIMIT_MS)).cancelled;
  }

  async closeSession(): Promise<void> {
    answerOf(await this.channel.call('closeSession', { session: this.credential }, TIME_LIMIT_MS));
  }
}

/** KeepAlives by hand. */
export class RawKeepAlives {
  readonly #connection: KeepAliveConnection;
  readonly #answers: KeepAliveResponse[] = [];
  readonly #waiting: ((answer: KeepAliveResponse) => void)[] = [];
  #number = 0;

  constructor(
    channel: Channel,
    private readonly session: SessionCredential,
  ) {
    this.#connection = channel.openKeepAlive({
      answered: (answer) => {
        const reader = this.#waiting.shift();
        if (reader !== undefined) reader(answer);
        else this.#answers.push(answer);
      },
      closed: () => undefined,
    });
  }

  /** @param acknowledgedReply the last reply handled; 0 for none */
  send(acknowledgedReply: number): void {
    this.#connection.send({ session: this.session, number: ++this.#number, acknowledgedReply });
  }

  /** The next answer. */
  answer(): Promise<KeepAliveResponse> {
    return new Promise((resolve) => {
      const answer = this.#answers.shift();
      if (answer !== undefined) resolve(answer);
      else this.#waiting.push(resolve);
    });
  }

  /** Answers that nobody has asked for yet. */
  get unread(): number {
    return this.#answers.length;
  }

  /** Sends, and waits for the answer. */
  async ask(acknowledgedReply: number): Promise<KeepAliveResponse> {
    this.send(acknowledgedReply);
    return this.answer();
  }

  close(): void {
    this.#connection.close();
  }
}

/** A whole Open: to read and write, created as a file where there is none. */
export const openRequest = (name: string, wanted: Partial<OpenRequest> = {}): Wanted<'open'> => ({
  name,
  read: true,
  write: true,
  changeAcl: false,
  create: CreateMode.CREATE_MODE_MAY,
  kind: NodeKind.NODE_KIND_FILE,
  ephemeral: false,
  initialContents: Buffer.alloc(0),
  lockDelayMs: 0,
  directory: Buffer.alloc(0),
  sequential: false,
  events: [],
  recursive: false,
  ...wanted,
});

/** @throws Error for a refusal */
export function answerOf<Response>(outcome: Outcome<Response>): Response {
  if ('response' in outcome) return outcome.response;
  throw new Error(`refused as ${outcome.failure.reason}: ${outcome.failure.message}`);
}

export const invalidationsIn = (events: readonly Event[]) => events.flatMap(({ invalidation }) => invalidation ?? []);
