import type { Clock } from '../common/clock.js';
import { LIMITS } from '../wire/limits.js';
import type { GetMasterRequest, GetMasterResponse } from '../wire/types.js';

type Answer = (location: GetMasterResponse) => void;

interface Question {
  readonly otherThan: string;
  readonly untilMs: number;
  readonly answer: Answer;
}

/** How often to look whether there is a master, while somebody waits to hear of one. */
const LOOK_EVERY_MS = 20;

/**
 * Questions for the master that are held until there is one to name. In an election every client of the cell asks: held,
 * each asks once or twice instead of again and again, and hears of the new master when this replica does.
 */
export class MasterQuestions {
  readonly #locate: () => GetMasterResponse;
  readonly #clock: Clock;
  #held: Question[] = [];

  constructor(locate: () => GetMasterResponse, clock: Clock) {
    this.#locate = locate;
    this.#clock = clock;
  }

  /** @param answer called once, possibly at once */
  ask({ waitMs, otherThan }: GetMasterRequest, answer: Answer): void {
    const location = this.#locate();
    if (waitMs === 0 || names(location, otherThan) || this.#held.length >= LIMITS.heldMasterQuestions) {
      return answer(location);
    }
    const untilMs = this.#clock.monotonicMs() + Math.min(waitMs, LIMITS.masterQuestionMs);
    this.#held.push({ otherThan, untilMs, answer });
    if (this.#held.length === 1) this.#lookLater();
  }

  #lookLater(): void {
    this.#clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  #look(): void {
    const location = this.#locate();
    const nowMs = this.#clock.monotonicMs();
    const over: Question[] = [];
    const left: Question[] = [];
    for (const question of this.#held) {
      const isOver = question.untilMs <= nowMs || names(location, question.otherThan);
      (isOver ? over : left).push(question);
    }
    this.#held = left;
    if (left.length > 0) this.#lookLater();
    for (const { answer } of over) answer(location);
  }
}

const names = ({ master }: GetMasterResponse, otherThan: string): boolean =>
  master !== null && master !== undefined && master.address !== otherThan;
