import type { ReplicaState } from './replica-state.js';

/** What a replica tells the process that started it, over Node's channel between parent and child. */
export interface StateReport {
  readonly type: 'state';
  readonly state: ReplicaState;
}

/** Whether a process started this one that listens to it and that it must not outlive. */
export const isSupervised = (): boolean => process.connected === true;

/** Tells the supervisor, if there is one; that it is gone is noticed elsewhere. */
export function report(state: ReplicaState): void {
  const message: StateReport = { type: 'state', state };
  process.send?.(message, undefined, undefined, () => undefined);
}

/** Calls back when the supervisor ends, in whichever way. */
export function onSupervisorGone(callback: () => void): void {
  process.once('disconnect', callback);
}

export const isStateReport = (message: unknown): message is StateReport =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'state';
