import type { Reply } from '../../../src/service/call.js';
import type { Event, KeepAliveResponse } from '../../../src/wire/types.js';
import { SOMEBODY } from './test-cell.js';
import type { TestSession } from './test-cell.js';

const KIND_PREFIX = 'EVENT_KIND_';

/** One event in short: what happened, where, at which revision. */
const show = ({ event, node, eventsLost }: Event): string => {
  if (event === 'eventsLost') return `EVENTS_LOST @${eventsLost!.upToRevision}`;
  if (event !== 'node') return event ?? '';
  return `${node!.kind.slice(KIND_PREFIX.length)} ${node!.name}`;
};

/** The client's side of a session's KeepAlives: always one on the way, each acknowledging the one before. */
export class Listener {
  /** Everything that came, in its order. */
  readonly events: Event[] = [];
  replies = 0;
  /** Why the session is no more. */
  ended: string | undefined;
  acknowledges = true;
  #acknowledged = 0;

  constructor(readonly session: TestSession) {
    this.#ask();
  }

  /** What came since the last look, in short. */
  take(): string[] {
    return this.events.splice(0).map(show);
  }

  #ask(): void {
    const number = this.replies + 1;
    const request = { session: this.session.credential, number, acknowledgedReply: this.#acknowledged };
    this.session.cell.service.keepAlive(SOMEBODY, request, (reply) => this.#answered(reply));
  }

  #answered(reply: Reply<KeepAliveResponse>): void {
    if ('failure' in reply) return;
    const { response } = reply;
    if (response.failure !== undefined && response.failure !== null) {
      this.ended = response.failure.reason;
      return;
    }
    this.replies++;
    this.events.push(...response.events);
    if (this.acknowledges) this.#acknowledged = response.replyNumber;
    // As after a round trip: the next one comes when this one is done with.
    this.session.cell.clock.after(0, () => this.#ask());
  }
}
