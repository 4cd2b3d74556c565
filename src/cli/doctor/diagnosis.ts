import type { HealthReport, ReplicaReport } from '../../client/index.js';
import { EXIT } from '../exit-codes.js';

/** One thing that is wrong, or that who looks after the cell should know. */
export interface Finding {
  /** One word for programs. */
  readonly kind: string;
  /** The replicas that it is about, by id. */
  readonly replicas: readonly number[];
  readonly text: string;
  readonly remedy: string;
  /** While this lasts, the replicas that it is about are not there for the cell when another one fails. */
  readonly hinders: boolean;
  /** Only said: a cell without anything else is healthy. */
  readonly note: boolean;
}

/** What a doctor says of a cell. */
export interface Diagnosis {
  /** How many more replicas can fail and the cell still serves; null where it serves not even now, or nobody answers. */
  readonly survives: number | null;
  /** The same of a cell of as many voters in which all is well. */
  readonly couldSurvive: number | null;
  readonly verdict: string;
  readonly findings: readonly Finding[];
}

/** A replica that answered, and says how it is. */
export interface Patient extends ReplicaReport {
  readonly id: number;
  readonly health: HealthReport;
}

export type NewFinding = Pick<Finding, 'kind' | 'replicas' | 'text' | 'remedy'>;

export const finding = (found: NewFinding): Finding => ({ ...found, hinders: false, note: false });
export const hindrance = (found: NewFinding): Finding => ({ ...found, hinders: true, note: false });
export const note = (found: NewFinding): Finding => ({ ...found, hinders: false, note: true });

/** `replica 3`, `replicas 1, 2 and 4`. */
export function named(ids: readonly number[]): string {
  const sorted = ids.toSorted((a, b) => a - b);
  if (sorted.length === 1) return `replica ${sorted[0]!}`;
  return `replicas ${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1)!}`;
}

/** The items under what `key` says of each. */
export function grouped<Item, Key>(items: Iterable<Item>, key: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

export const exitCodeOf = ({ findings, survives }: Diagnosis): number =>
  survives !== null && findings.every((found) => found.note) ? EXIT.ok : EXIT.failed;
