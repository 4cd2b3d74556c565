import { readFileSync } from 'node:fs';
import type { Clock } from '../common/clock.js';
import { LIMITS } from '../wire/limits.js';
import type { HistoryEntry } from '../wire/types.js';
import { BoundedLogFile } from './bounded-log-file.js';

/** What befell a replica, in one word. */
export type HistoryKind =
  | 'started'
  | 'ended'
  | 'reign-began'
  | 'reign-ended'
  | 'follows'
  | 'seeks'
  | 'snapshot'
  | 'space'
  | 'membership'
  | 'state';

/** What is known of it beside when and what. */
export type HistoryDetails = Partial<Pick<HistoryEntry, 'epoch' | 'master' | 'detail'>>;

/** As many lines as are kept in memory, and then some; with its predecessor the file takes twice as much. */
const FILE_BYTES = 256 * 1024;
const DETAIL_CHARACTERS = 300;

/**
 * Remembers what befell a replica, its reigns above all: the newest in memory, and in a small file that outlives the
 * process. The file is not synced and nothing rests on it: a line that cannot be read is left out. (DESIGN 9)
 */
export class FlightRecorder {
  readonly #clock: Clock;
  /** Absent where it cannot be had: then what is remembered lasts as long as the process. */
  readonly #file: BoundedLogFile | undefined;
  readonly #entries: HistoryEntry[];

  constructor(file: string, clock: Clock) {
    this.#clock = clock;
    this.#entries = [...entriesIn(`${file}.1`), ...entriesIn(file)].slice(-LIMITS.historyEntries);
    this.#file = opened(file);
  }

  record(kind: HistoryKind, { epoch = '', master = 0, detail = '' }: HistoryDetails = {}): void {
    const entry = { wallMs: this.#clock.wallMs(), kind, epoch, master, detail: detail.slice(0, DETAIL_CHARACTERS) };
    this.#entries.push(entry);
    if (this.#entries.length > LIMITS.historyEntries) this.#entries.shift();
    this.#file?.write(`${JSON.stringify(entry)}\n`);
  }

  /** The newest that came since then, in their order. */
  since(wallMs: number): HistoryEntry[] {
    return this.#entries.filter((entry) => entry.wallMs >= wallMs);
  }

  close(): void {
    this.#file?.close();
  }
}

function opened(file: string): BoundedLogFile | undefined {
  try {
    return new BoundedLogFile(file, FILE_BYTES);
  } catch {
    return undefined;
  }
}

function entriesIn(file: string): HistoryEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => entryOf(line) ?? []);
}

function entryOf(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { wallMs, kind, epoch, master, detail } = value as Readonly<Record<string, unknown>>;
  const whole = [wallMs, master].every((number) => Number.isSafeInteger(number) && (number as number) >= 0);
  if (!whole || ![kind, epoch, detail].every((text) => typeof text === 'string' && text.length <= DETAIL_CHARACTERS)) {
    return undefined;
  }
  return { wallMs, kind, epoch, master, detail } as HistoryEntry;
}
