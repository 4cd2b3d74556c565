import type { Change } from './changes.js';
import { wants } from './event-kinds.js';
import type { EventKind } from './event-kinds.js';
import { parentPath } from './records/node-path.js';
import type { Subscription, Subscriptions } from './subscriptions.js';

/** One event for one subscription; the name that goes with it is that of the changed node. */
export type Tell = (subscription: Subscription, kind: EventKind) => void;

/** What subscribers of the node's directory learn of a change, and those of all nodes above who want to. */
const TOLD_ABOVE = {
  created: 'childAdded',
  deleted: 'childRemoved',
  contents: 'childModified',
  acl: undefined,
  locked: undefined,
} as const satisfies Record<Change['kind'], EventKind | undefined>;

/**
 * Tells everybody who wants to know of an applied change, and ends the subscriptions of a node that it deleted.
 * ([CH] 2.5)
 *
 * @param proposal the number of the proposal that made the change
 */
export function tellOf(change: Change, proposal: number, subscriptions: Subscriptions, tell: Tell): void {
  tellAtNode(change, proposal, subscriptions, tell);
  const kind = TOLD_ABOVE[change.kind];
  if (kind === undefined) return;
  const directory = parentPath(change.path);
  if (directory === undefined) return;
  const tellOne = (subscription: Subscription): void => {
    if (subscription.after < proposal && wants(subscription.handle.events, kind)) tell(subscription, kind);
  };
  for (const subscription of subscriptions.at(directory)) tellOne(subscription);
  for (const subscription of subscriptions.farAbove(change.path)) tellOne(subscription);
}

function tellAtNode(change: Change, proposal: number, subscriptions: Subscriptions, tell: Tell): void {
  for (const subscription of subscriptions.at(change.path)) {
    const { handle, after } = subscription;
    // A handle opened later: the node may be another one of the same name.
    if (after >= proposal) continue;
    const { events } = handle;
    switch (change.kind) {
      case 'contents':
        if (wants(events, 'contentsModified')) tell(subscription, 'contentsModified');
        break;
      case 'locked':
        if (wants(events, 'lockAcquired')) tell(subscription, 'lockAcquired');
        break;
      case 'deleted':
        if (wants(events, 'lockInvalid') && lostLock(change, subscription)) tell(subscription, 'lockInvalid');
        if (wants(events, 'handleInvalid')) tell(subscription, 'handleInvalid');
        subscriptions.closed(handle);
        break;
      case 'created':
      case 'acl':
        break;
    }
  }
}

const lostLock = ({ lockHolders }: Change, { handle }: Subscription): boolean =>
  lockHolders?.some(({ sessionId, handleId }) => sessionId === handle.sessionId && handleId === handle.handleId) ===
  true;
