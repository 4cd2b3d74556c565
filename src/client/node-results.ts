import { toHex } from '../common/bytes.js';
import type {
  AcquireAllResponse,
  AcquireResponse,
  CheckSequencerResponse,
  DirectoryEntry as WireEntry,
  GetContentsAndStatResponse,
  GetStatResponse,
  SetAclResponse,
  SetContentsResponse,
} from '../wire/types.js';
import { statOf } from './stat.js';
import type { Stat } from './stat.js';

// What calls give their callers, made from the messages that answer them. Nothing here is a view of a message: a small
// one would keep the whole batch alive that it came in.

export interface ContentsAndStat {
  readonly contents: Buffer;
  readonly stat: Stat;
}

export interface DirectoryEntry {
  /** Without the directory. */
  readonly name: string;
  readonly stat: Stat;
}

/** Whether the lock was had; that it was not is an answer, not an error. */
export type AcquireResult =
  | {
      readonly granted: true;
      /** Of the lock, grown by this if it was free. */
      readonly lockGeneration: number;
    }
  | {
      readonly granted: false;
      /** One of the sessions in the way, in hex; empty where there is none to name. */
      readonly holderSessionId: string;
      /** How long the lock is still held back after its holder's session expired. */
      readonly lockDelayLeftMs: number;
    };

/** Whether all locks were had; that they were not is an answer, not an error. */
export type AcquireAllResult =
  | {
      readonly granted: true;
      /** Of each lock, in the order in which they were asked for. */
      readonly lockGenerations: readonly number[];
    }
  | {
      readonly granted: false;
      /** The whole name of a lock that is in the way. */
      readonly busyName: string;
      /** Of that lock: one of the sessions that have it, in hex; empty where there is none to name. */
      readonly holderSessionId: string;
      /** Of that lock: how long it is still held back after its holder's session expired, in ms. */
      readonly lockDelayLeftMs: number;
    };

export interface SequencerCheck {
  /** Whether the lock is still held at the sequencer's generation and mode. */
  readonly valid: boolean;
  /** Why not; empty when it is. */
  readonly reason: string;
}

export const contentsAndStatOf = ({ contents, stat }: GetContentsAndStatResponse): ContentsAndStat => ({
  contents: Buffer.from(contents),
  stat: statOf(stat),
});

export const statOfAnswer = ({ stat }: GetStatResponse | SetContentsResponse | SetAclResponse): Stat => statOf(stat);

export const entryOf = ({ name, stat }: WireEntry): DirectoryEntry => ({ name, stat: statOf(stat) });

export const acquireResultOf = (response: AcquireResponse): AcquireResult =>
  response.granted
    ? { granted: true, lockGeneration: response.lockGeneration }
    : {
        granted: false,
        holderSessionId: toHex(response.holderSessionId),
        lockDelayLeftMs: response.lockDelayLeftMs,
      };

export const acquireAllResultOf = (response: AcquireAllResponse): AcquireAllResult =>
  response.granted
    ? { granted: true, lockGenerations: response.lockGenerations }
    : {
        granted: false,
        busyName: response.busyName,
        holderSessionId: toHex(response.holderSessionId),
        lockDelayLeftMs: response.lockDelayLeftMs,
      };

export const sequencerCheckOf = ({ valid, reason }: CheckSequencerResponse): SequencerCheck => ({ valid, reason });

export const nothingOf = (): void => undefined;
