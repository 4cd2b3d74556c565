import { forgetFormerKey, rotateKeys } from '../chubby/calls/rotate-keys.js';
import { Deadlines } from '../chubby/deadlines.js';
import { CALL_CODES } from '../chubby/records/call-code.js';
import { CELL_SECRET_BYTES } from '../chubby/records/secret.js';
import { assert } from '../common/assert.js';
import { SigningKey } from '../common/crypto.js';
import type { Rng } from '../common/rng.js';
import { refusal } from '../wire/errors.js';
import type { RotateKeysRequest } from '../wire/types.js';
import type { Caller, Respond } from './call.js';
import { NotedAnswer } from './held-answers.js';
import type { Proposals } from './proposals.js';
import type { Reign } from './reign.js';
import { signingKeyMessage } from './replies.js';
import type { PublicKey } from './secrets.js';

/** When to look at the wall clock again, which may have been set: an expiry is never due later by the monotonic one. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Changes the key that signs sequencers. The former one verifies for as long as was asked for, by the master's wall
 * clock, as everybody who verifies has no other; then a log value removes it. (DESIGN 5, Secrets)
 */
export class KeyRotation {
  readonly #reign: Reign;
  readonly #proposals: Proposals;
  readonly #rng: Rng;
  /** When to look whether the time of a former key is over. */
  readonly #ends = new Deadlines<number>();

  /** @param rng draws the seeds */
  constructor(reign: Reign, proposals: Proposals, rng: Rng) {
    this.#reign = reign;
    this.#proposals = proposals;
    this.#rng = rng;
    const { cell, secrets } = reign.around;
    for (const key of secrets.publicKeys(cell.applied)) if (key.validUntilMs !== 0) this.#await(key);
  }

  rotate(caller: Caller, { keepFormerMs }: RotateKeysRequest, respond: Respond): void {
    const { cell, clock, limits, secrets } = this.#reign.around;
    const known = secrets.publicKeys(cell.pending);
    const formers = known.slice(0, -1);
    const current = known.at(-1);
    assert(current !== undefined, 'a serving cell has its secrets');
    if (keepFormerMs > 0 && formers.length >= limits.formerKeys) {
      const failure = refusal('LIMIT_KEYS', `${formers.length} former keys are kept to verify`);
      return this.#reign.answer({ failure }, [respond]);
    }
    const kept = keepFormerMs === 0 ? [] : [{ ...current, validUntilMs: Math.ceil(clock.wallMs()) + keepFormerMs }];
    const seed = this.#rng.bytes(CELL_SECRET_BYTES);
    const drawn = { id: current.id + 1, publicKey: new SigningKey(seed).publicKey, validUntilMs: 0 };
    const draft = cell.draft();
    rotateKeys(draft, { currentId: current.id, former: kept[0], seed });
    const reply = { response: { signingKeys: [...formers, ...kept, drawn].map(signingKeyMessage) } };
    const by = { sessionId: '', principal: caller.principal, call: CALL_CODES.rotateKeys };
    const answer = new NotedAnswer(this.#proposals.next, reply, [respond], () => {
      for (const key of kept) this.#await(key);
    });
    this.#proposals.propose(draft, by, answer);
  }

  /** When to look again; infinite for never. */
  next(): number {
    return this.#ends.next();
  }

  timePassed(nowMs: number): void {
    const { cell, clock, secrets } = this.#reign.around;
    for (let id = this.#ends.takeDue(nowMs); id !== undefined; id = this.#ends.takeDue(nowMs)) {
      const key = secrets.publicKeys(cell.pending).find((known) => known.id === id);
      if (key === undefined) continue;
      if (clock.wallMs() < key.validUntilMs) {
        this.#await(key);
        continue;
      }
      const draft = cell.draft();
      forgetFormerKey(draft, id);
      this.#proposals.proposeAlone(draft, CALL_CODES.forgetKey, () => undefined);
    }
  }

  #await({ id, validUntilMs }: PublicKey): void {
    const { clock } = this.#reign.around;
    const leftMs = Math.min(Math.max(1, validUntilMs - clock.wallMs()), LOOK_AGAIN_MS);
    this.#ends.set(id, clock.monotonicMs() + leftMs);
  }
}
